import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PROBE_FOLDER, probeEnvironment } from './probe-environment.ts';
import { stageProbe } from './stage-probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-stage-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a staged probe observes, and its compiled files stay in the data folder', () => {
  mkdirSync(join(folder, 'data'));
  const staged = stageProbe(join(folder, 'data'));
  assert.ok(staged.startsWith(join(folder, 'data', 'probe')));
  assert.equal(stageProbe(join(folder, 'data')), staged, 'the same content is staged once');
  assert.equal(readdirSync(join(folder, 'data', 'probe')).length, 1);
  const spool = mkdtempSync(join(folder, 'spool-'));
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '' };
  const { status } = spawnSync('python3', ['-c', 'pass'], { env: probeEnvironment(env, spool, staged) });
  assert.equal(status, 0);
  assert.equal(readdirSync(spool).length, 1);
  assert.ok(existsSync(join(staged, '..', '__pycache__')));
});

test('where nothing can be staged, the original is given', () => {
  const blocked = join(folder, 'a-file');
  writeFileSync(blocked, '');
  chmodSync(blocked, 0o400);
  assert.equal(stageProbe(blocked), PROBE_FOLDER);
  assert.equal(stageProbe(join(folder, 'absent')), PROBE_FOLDER);
  assert.ok(!existsSync(join(folder, 'absent')));
});
