import { Agent, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';

/** A `fetch` for thousands of endpoints in one process: connections are shared, kept and bounded; bodies are bytes. */
export function leanFetch(maxConnections: number, limitMs = 60_000): typeof fetch & { close(): void } {
  const options = { keepAlive: true, maxSockets: maxConnections, scheduling: 'fifo' as const };
  const plain = new Agent(options);
  const secure = new SecureAgent(options);
  const send = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const isSecure = url.protocol === 'https:';
      const body = init.body === undefined || init.body === null ? undefined : (init.body as string | Uint8Array);
      const outgoing = (isSecure ? secureRequest : request)(
        url,
        {
          method: init.method ?? 'GET',
          agent: isSecure ? secure : plain,
          headers: {
            ...(init.headers as Record<string, string>),
            ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          },
        },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const headers = Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
            );
            const status = incoming.statusCode ?? 502;
            const isBare = status === 204 || status === 304;
            resolve(new Response(isBare ? null : Buffer.concat(parts), { status, headers }));
          });
        },
      );
      outgoing.setTimeout(limitMs, () => outgoing.destroy(new Error(`no answer within ${limitMs} ms`)));
      outgoing.on('error', reject);
      if (init.signal?.aborted === true) outgoing.destroy(new Error('aborted'));
      outgoing.end(body);
    });
  return Object.assign(send, {
    close() {
      plain.destroy();
      secure.destroy();
    },
  });
}
