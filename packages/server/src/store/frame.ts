import type { Duplex } from 'node:stream';

/** A message between the server and the engine: a small header and raw bytes beside it. */
export interface Frame<Header> {
  readonly header: Header;
  readonly payload: Buffer;
}

const PREFIX_BYTES = 8;

/** Writes one frame: payload length, header length, header as JSON, payload as it is. */
export function writeFrame(stream: Duplex, header: unknown, payload: Uint8Array = new Uint8Array(0)): void {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32LE(payload.byteLength, 0);
  prefix.writeUInt32LE(text.byteLength, 4);
  stream.cork();
  stream.write(prefix);
  stream.write(text);
  if (payload.byteLength > 0) stream.write(payload);
  stream.uncork();
}

/** Calls `onFrame` for every whole frame that the stream brings. */
export function readFrames<Header>(stream: Duplex, onFrame: (frame: Frame<Header>) => void): void {
  let chunks: Buffer[] = [];
  let available = 0;
  let wanted = PREFIX_BYTES;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    available += chunk.byteLength;
    if (available < wanted) return;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, available);
    wanted = PREFIX_BYTES;
    while (rest.byteLength >= PREFIX_BYTES) {
      const headerEnd = PREFIX_BYTES + rest.readUInt32LE(4);
      const end = headerEnd + rest.readUInt32LE(0);
      if (rest.byteLength < end) {
        wanted = end;
        break;
      }
      const header = JSON.parse(rest.toString('utf8', PREFIX_BYTES, headerEnd)) as Header;
      onFrame({ header, payload: rest.subarray(headerEnd, end) });
      rest = rest.subarray(end);
    }
    chunks = rest.byteLength === 0 ? [] : [rest];
    available = rest.byteLength;
  });
}
