import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Activity, Run } from '@sentinel/protocol';
import { Agenda } from './agenda.ts';
import { historyOf } from './fill-history.ts';
import { beginningOf, makeRun } from './make-run.ts';
import { planFleet } from './plan-fleet.ts';
import { readTemplates } from './read-templates.ts';
import { SeededRandom } from './seeded-random.ts';

const templates = readTemplates();
const NOW = Date.UTC(2026, 10, 20, 12);

test('templates are recorded runs, ordinary ones among them', () => {
  assert.ok(templates.length >= 40, `${templates.length} templates`);
  assert.ok(templates.filter(({ isOrdinary }) => isOrdinary).length >= 10);
  assert.ok(templates.every(({ activities, durationMs }) => activities.length <= 250 && durationMs > 0));
});

test('the same seed gives the same fleet, another seed another', () => {
  const plan = (seed: string) => JSON.stringify(planFleet({ endpoints: 30, seed, templates }).endpoints);

  assert.equal(plan('a'), plan('a'));
  assert.notEqual(plan('a'), plan('b'));
});

test('scripts lie on several endpoints, and links and clocks are wrong only on the asked share', () => {
  const { endpoints } = planFleet({ endpoints: 400, seed: 'a', templates, slowShare: 0.1, skewShare: 0 });
  const owners = Map.groupBy(
    endpoints.flatMap(({ index, scripts }) => scripts.map(({ scriptId }) => ({ index, scriptId }))),
    ({ scriptId }) => scriptId,
  );
  const slow = endpoints.filter(({ linkDelayMs }) => linkDelayMs > 0).length;

  assert.ok([...owners.values()].some((list) => new Set(list.map(({ index }) => index)).size >= 5));
  assert.ok(slow >= 20 && slow <= 70, `${slow} of 400 are slow`);
  assert.ok(endpoints.every(({ clockSkewMs }) => clockSkewMs === 0));
});

test('every made run has the shapes of the protocol, names its own host and person, and nothing of the recording', () => {
  const { endpoints, scripts } = planFleet({ endpoints: 5, seed: 'a', templates });
  const [endpoint] = endpoints;
  assert.ok(endpoint !== undefined);
  for (const script of scripts) {
    const made = makeRun({ endpoint, script, startedAtMs: NOW, salt: '1' });
    const { run, activities } = made;
    Run.parse(run);
    for (const activity of activities) Activity.parse(activity);
    assert.deepEqual(
      [run.hostName, run.user.name, run.script.sha256, run.status],
      [endpoint.facts.hostName, endpoint.userName, script.sha256, 'ended'],
    );
    assert.deepEqual(
      activities.map(({ id, runId }) => [id, runId]),
      activities.map((_, index) => [index + 1, run.id]),
    );
    assert.equal(JSON.stringify(made).includes('/home/ada'), false, script.name);
    assert.deepEqual(makeRun({ endpoint, script, startedAtMs: NOW, salt: '1' }), made, 'the same order, the same rows');
    const beginning = beginningOf(made);
    Run.parse(beginning.run);
    assert.deepEqual([beginning.run.status, beginning.run.revision < run.revision], ['running', true]);
  }
});

test('days that are over have more runs by day than by night, and none in the future', () => {
  const [endpoint] = planFleet({ endpoints: 1, seed: 'a', templates, runsPerHour: 10, skewShare: 0 }).endpoints;
  assert.ok(endpoint !== undefined);
  const starts = [...historyOf(endpoint, 'a', 14, NOW)].map(({ run }) => new Date(run.startedAt));
  const byDay = starts.filter((start) => start.getUTCHours() >= 7 && start.getUTCHours() < 18).length;

  assert.ok(starts.length > 500);
  assert.ok(byDay > 2 * (starts.length - byDay));
  assert.ok(starts.every((start) => start.getTime() < NOW));
  assert.deepEqual(
    starts,
    starts.toSorted((left, right) => left.getTime() - right.getTime()),
  );
});

test('the agenda does things in the order of their time, whatever the order they came in', async () => {
  const agenda = new Agenda();
  const random = new SeededRandom('agenda');
  const done: number[] = [];
  const times = Array.from({ length: 200 }, () => random.below(30));
  await new Promise<void>((resolve) => {
    for (const time of times)
      agenda.after(time, () => {
        done.push(time);
        if (done.length === times.length) resolve();
      });
  });
  agenda.after(0, () => done.push(-1));
  agenda.stop();

  assert.deepEqual(
    done,
    times.toSorted((left, right) => left - right),
  );
});
