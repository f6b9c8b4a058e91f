import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { type Frame, readFrames, writeFrame } from './frame.ts';

test('reads frames back however the stream cuts them', () => {
  const bytes = written([
    [{ id: 1 }, Buffer.from('payload')],
    [{ id: 2, text: 'é' }, Buffer.alloc(0)],
    [{ id: 3 }, Buffer.alloc(70_000, 7)],
  ]);

  for (const size of [1, 2, 7, 8, 9, 1_000, bytes.byteLength]) {
    const frames: Frame<{ id: number }>[] = [];
    const stream = new Duplex({ read() {} });
    readFrames<{ id: number }>(stream, (frame) => frames.push(frame));
    for (let start = 0; start < bytes.byteLength; start += size)
      stream.emit('data', bytes.subarray(start, start + size));
    assert.deepEqual(
      frames.map(({ header, payload }) => [header.id, payload.byteLength]),
      [
        [1, 7],
        [2, 0],
        [3, 70_000],
      ],
    );
    assert.equal(frames[0]?.payload.toString(), 'payload');
  }
});

function written(frames: readonly [unknown, Buffer][]): Buffer {
  const chunks: Buffer[] = [];
  const stream = new Duplex({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    read() {},
  });
  for (const [header, payload] of frames) writeFrame(stream, header, payload);
  return Buffer.concat(chunks);
}
