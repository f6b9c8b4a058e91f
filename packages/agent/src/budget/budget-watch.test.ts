import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { until } from '../testing/agent-process.ts';
import { BudgetWatch } from './budget-watch.ts';

test('gives features up in their order while a real folder is too large, and takes them back in reverse', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-budget-'));
  const file = join(folder, 'spool');
  writeFileSync(file, '');
  truncateSync(file, 2_000_000);
  const said: string[] = [];
  const feature = (name: string) => ({
    name,
    stop: () => void said.push(`stop ${name}`),
    start: () => void said.push(`start ${name}`),
  });
  const watch = new BudgetWatch({
    folder,
    features: [feature('rescan'), feature('sensing')],
    log: pino({ level: 'silent' }),
    restart: () => said.push('restart'),
    limits: { cpuShare: 1000, memoryBytes: 1e12, diskBytes: 1_000_000 },
    roundMs: 2,
  });
  try {
    watch.start();
    await until('both are given up', () => said.length === 2);
    const { givenUp, diskBytes } = watch.health;
    assert.deepEqual(
      givenUp.map(({ feature: name, reason }) => [name, reason]),
      [
        ['rescan', 'disk 2 MiB, 1 MiB allowed'],
        ['sensing', 'disk 2 MiB, 1 MiB allowed'],
      ],
    );
    assert.equal(diskBytes, 2_000_000);

    truncateSync(file, 0);
    await until('both are back', () => said.length === 4);
    assert.deepEqual(said, ['stop rescan', 'stop sensing', 'start sensing', 'start rescan']);
    assert.deepEqual(watch.health.givenUp, []);
  } finally {
    await watch.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
