import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { programFile } from '../../run-program.ts';

/** A real server in a process of its own, with an API token of its owner. */
export interface StartedProgram {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts a server on a free port and makes a token that may read the audit trail. */
export async function startAuditServer(data: string): Promise<StartedProgram> {
  mkdirSync(data, { recursive: true });
  const child = spawn(process.execPath, [programFile('@sentinel/server/main'), '--data', data, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { url, signInUrl } = await readyOf(child);
  const entered = await post(`${url}/api/v1/session/link`, { token: new URL(signInUrl).hash.replace('#token=', '') });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const permissions = ['audit.read', 'read'];
  const made = await post(`${url}/api/v1/tokens`, { name: 'audit test', service: 'auditor', permissions }, { cookie });
  const { token } = (await made.json()) as { token: string };
  return {
    url,
    token,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function readyOf(child: ChildProcess): Promise<{ url: string; signInUrl: string }> {
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.on('message', (message) => {
      const { kind, url, signInUrl } = message as { kind: string; url: string; signInUrl: string };
      if (kind === 'ready') resolve({ url, signInUrl });
    });
  });
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
