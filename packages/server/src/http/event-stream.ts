import { once } from 'node:events';
import type { FastifyReply } from 'fastify';

const HEARTBEAT_MS = 15_000;

/**
 * Sends events as server-sent events until they end, the viewer goes, or `isAllowed` says no.
 * Source: HTML Living Standard, section 9.2.
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<unknown>,
  { isAllowed, stop }: { isAllowed: () => Promise<boolean>; stop: AbortController },
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.on('close', () => stop.abort());
  raw.on('error', () => stop.abort());
  // The first bytes tell the viewer that the stream is open.
  raw.write(': open\n\n');
  const heartbeat = setInterval(() => {
    raw.write(': alive\n\n');
    isAllowed().then(
      (allowed) => allowed || stop.abort(),
      () => {},
    );
  }, HEARTBEAT_MS);
  try {
    for await (const event of events) {
      if (raw.destroyed) break;
      if (!raw.write(`data: ${JSON.stringify(event)}\n\n`))
        await once(raw, 'drain', { signal: stop.signal }).catch(() => {});
    }
  } finally {
    clearInterval(heartbeat);
    stop.abort();
    raw.end();
  }
}
