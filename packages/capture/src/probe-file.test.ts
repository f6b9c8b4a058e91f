import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { appendEndRecord } from './end-record.ts';
import { createEnrichment } from './enrichment.ts';
import { ProbeFile } from './probe-file.ts';
import { isProcessAlive, processStartTicks } from './process-start.ts';
import { userName } from './user-name.ts';

const RUN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const HELLO = `H\t1\t1750000000000000000\tsentinel.run.id\t${RUN_ID}\n`;
const ACTIVITY = 'A\t1\tfile.open\t1750000000000000000\t1\t0\t0\t0\t0\tfile.path\t/a\n';

describe('probe file', () => {
  let folder: string;
  const path = () => join(folder, `${RUN_ID}.probe`);
  const file = () => new ProbeFile(path(), createEnrichment('host'));
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-file-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('reads only what was added and waits for the end of a torn line', () => {
    writeFileSync(path(), HELLO + ACTIVITY.slice(0, 20));
    const reading = file();
    assert.equal(reading.read(), HELLO.length + 20);
    assert.equal(reading.read(), 0);
    assert.equal(reading.assembler.currentActivities().length, 0);
    appendFileSync(path(), ACTIVITY.slice(20));
    assert.equal(reading.read(10), 10);
    reading.read();
    assert.equal(reading.assembler.currentActivities().length, 1);
  });

  it('is set aside when it became shorter, is a link or is no regular file', () => {
    writeFileSync(path(), HELLO);
    const reading = file();
    reading.read();
    truncateSync(path(), 3);
    assert.equal(reading.read(), 0);
    assert.match(reading.setAsideReason ?? '', /shorter/);
    const link = join(folder, 'link.probe');
    symlinkSync(path(), link);
    for (const [other, reason] of [
      [link, /link/],
      [folder, /no regular file/],
    ] as const) {
      const odd = new ProbeFile(other, createEnrichment('host'));
      odd.read();
      assert.match(odd.setAsideReason ?? '', reason);
    }
    assert.equal(new ProbeFile(join(folder, 'missing.probe'), createEnrichment('host')).read(), 0);
  });

  it('takes the end that a parent states, and never half a line before it for a record', () => {
    const change = 'C\t1\t1750000000000000000\t12345\t0\t0\t0\t0\tfile.size\t123456\n';
    for (let cut = 0; cut < change.length; cut++) {
      writeFileSync(path(), HELLO + ACTIVITY + change.slice(0, cut));
      appendEndRecord(path(), { exitCode: undefined, signal: 'SIGKILL' }, false, 1_750_000_001_000);
      const reading = file();
      reading.read();
      const run = reading.assembler.currentRun();
      assert.deepEqual([run?.exitRoute, run?.exitSignal, run?.durationMs], ['signal', 'SIGKILL', 1000]);
      assert.equal(reading.assembler.malformed, cut === 0 ? 0 : 1);
      assert.deepEqual(
        reading.assembler.currentActivities().map(({ count, attributes }) => [count, attributes]),
        [[1, { 'file.path': '/a' }]],
      );
    }
  });

  it('keeps what the run said of its own end beside the exit code of the parent', () => {
    writeFileSync(
      path(),
      `${HELLO}E\t1750000000500000000\tsentinel.run.exit_route\texception\tsentinel.run.cpu_user_ms\t7\n`,
    );
    appendEndRecord(path(), { exitCode: 1, signal: undefined }, true, 1_750_000_000_600);
    const reading = file();
    reading.read();
    const run = reading.assembler.currentRun();
    assert.deepEqual([run?.exitRoute, run?.exitCode, run?.cpuUserMs, run?.durationMs], ['exception', 1, 7, 600]);
  });
});

it('knows living processes from ended ones and from younger ones with the same id', async () => {
  assert.equal(isProcessAlive(process.pid, Date.now()), true);
  assert.equal(isProcessAlive(process.pid, Date.now() - 3_600_000 * 24 * 365), false);
  assert.equal(isProcessAlive(0), false);
  const child = spawn('sleep', ['60']);
  assert.equal(isProcessAlive(child.pid ?? 0, Date.now()), true);
  assert.ok((processStartTicks(child.pid ?? 0) ?? 0) > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isProcessAlive(child.pid ?? 0, Date.now()), false);
});

it('reads account names and takes the first of an id', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-passwd-'));
  writeFileSync(join(folder, 'passwd'), 'ada:x:5000:5000::/home/ada:/bin/sh\nalias:x:5000:5000::/:\nbroken\n');
  assert.equal(userName(5000, join(folder, 'passwd')), 'ada');
  assert.equal(userName(5001, join(folder, 'passwd')), undefined);
  rmSync(folder, { recursive: true });
});
