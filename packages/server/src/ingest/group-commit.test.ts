import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RUNS_CHANGED, readChangedRuns } from '../live/changed-runs.ts';
import { LocalSignals } from '../live/signals.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { findMark } from '../store/batch-mark.ts';
import { listSetAside } from '../store/quarantine.ts';
import { makeActivity, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';
import { GroupCommit } from './group-commit.ts';
import type { ReadBatch } from './read-batch.ts';
import { RunOwners } from './run-owners.ts';

let server: TestServer;
let agent: TestAgent;

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
});
after(() => server.close());

test('sets a row aside that only the store refuses, and stores all others of its group', async () => {
  const { control, events } = server.server.services;
  const told: string[] = [];
  const signals = new LocalSignals();
  signals.subscribe(RUNS_CHANGED, (body) => told.push(...readChangedRuns(body).ids));
  const commit = new GroupCommit({
    control,
    events,
    owners: new RunOwners(events),
    metrics: createMetrics(),
    log: createLog('silent'),
    signals,
  });
  const [first, second] = [makeRun(), makeRun()];
  // Such an id never passes the check of rows; it stands for whatever the check may miss.
  const poison = makeActivity(first.id, 1, { firstSeen: 'no time at all' });
  const origin = (sequence: number) => ({
    endpointId: agent.endpointId,
    spoolId: '01890000-0000-7000-8000-000000000000',
    sequence,
  });

  const outcomes = await Promise.all([
    commit.submit(batch(1, { runs: [first], activities: [poison, makeActivity(first.id, 2)] }), origin(1), 'x'),
    commit.submit(batch(2, { runs: [second], activities: [makeActivity(second.id, 1)] }), origin(2), 'y'),
  ]);

  assert.deepEqual(outcomes, [
    { rowsStored: 2, rowsSetAside: 1 },
    { rowsStored: 2, rowsSetAside: 0 },
  ]);
  const stored = await events.query('SELECT run_id, id FROM activity FINAL ORDER BY id DESC');
  assert.deepEqual(stored, [
    { run_id: first.id, id: 2 },
    { run_id: second.id, id: 1 },
  ]);
  assert.deepEqual(told.sort(), [first.id, second.id].sort());
  assert.equal((await findMark(control, agent.endpointId, origin(1).spoolId, 1))?.rows_set_aside, 1);
  const [kept] = await listSetAside(control, 10);
  assert.equal(kept?.reason, 'the event store refused the activity row');
  assert.match(Buffer.from(kept?.body ?? []).toString(), /no time at all/);
});

function batch(sequence: number, rows: Pick<ReadBatch, 'runs' | 'activities'>): ReadBatch {
  return { spoolId: '01890000-0000-7000-8000-000000000000', sequence, malformed: [], ...rows };
}
