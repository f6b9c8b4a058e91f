import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SentLine } from '@sentinel/protocol';
import { pino } from 'pino';
import { decodeBatch, encodeBatch } from './batch-file.ts';
import { SentLog } from './sent-log.ts';

async function batchOf(sequence: number) {
  const rows = {
    runs: [
      JSON.stringify({
        status: 'ended',
        script: { name: 'report.py' },
        user: { name: 'ann', id: process.getuid?.() ?? 1 },
      }),
    ],
    activities: ['file.open', 'file.open', 'http.request'].map((type) =>
      JSON.stringify({ type, attributes: { a: 'b' } }),
    ),
  };
  const batch = decodeBatch(await encodeBatch('0190a000-0000-7000-8000-000000000001', sequence, rows), sequence);
  assert.ok(typeof batch !== 'string');
  return batch;
}

test('says what was sent without saying what was in it, and does not grow for ever', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-sent-'));
  try {
    const path = join(folder, 'sent.log');
    const log = new SentLog(path, join(folder, 'sent'), pino({ level: 'silent' }));
    const batch = await batchOf(7);

    log.note(batch);
    await log.settled();
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    const { at, ...told } = SentLine.parse(JSON.parse(line));
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    assert.deepEqual(told, {
      sequence: 7,
      sizeBytes: batch.body.length,
      runs: [{ script: 'report.py', user: 'ann', status: 'ended' }],
      activities: { 'file.open': 2, 'http.request': 1 },
    });

    const own = join(folder, 'sent', `${process.getuid?.() ?? 1}.log`);
    assert.equal(readFileSync(own, 'utf8'), readFileSync(path, 'utf8'));
    assert.equal(statSync(own).mode & 0o777, 0o600);

    truncateSync(path, 2 * 1024 * 1024);
    log.note(await batchOf(8));
    log.note({ ...(await batchOf(9)), body: Buffer.from('damaged') });
    await log.settled();
    assert.equal(statSync(`${path}.1`).size, 2 * 1024 * 1024);
    assert.equal(readFileSync(path, 'utf8').trim().split('\n').length, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
