import type { ChildProcess } from 'node:child_process';
import type { ServerMessage } from '../main.ts';

/**
 * What a server that was forked says once it listens. Every message is looked at as it comes: two that
 * come together must not be taken for one.
 * @throws Error with the last words of a server that ends before.
 */
export function ready(child: ChildProcess): Promise<Extract<ServerMessage, { kind: 'ready' }>> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const known = message as ServerMessage;
      if (known.kind === 'ready') resolve(known);
    });
    child.once('exit', () => reject(new Error(`the server ended while it started: ${said}`)));
  });
}
