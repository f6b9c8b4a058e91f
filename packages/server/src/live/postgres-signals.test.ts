import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLog } from '../log.ts';
import { type ControlStore, openControlStore } from '../store/control-store.ts';
import { findPostgres, type Postgres, startPostgres } from '../testing/postgres.ts';
import { until } from '../testing/until.ts';
import { PostgresSignals } from './postgres-signals.ts';
import { MISSED_SIGNALS } from './signals.ts';

describe('signals between servers', { skip: findPostgres() === undefined && 'PostgreSQL is not installed' }, () => {
  const log = createLog('silent');
  let postgres: Postgres;
  let control: ControlStore;
  let one: PostgresSignals;
  let two: PostgresSignals;

  before(async () => {
    postgres = await startPostgres();
    const url = await postgres.createDatabase();
    control = await openControlStore(url);
    one = await PostgresSignals.open(url, control, log);
    two = await PostgresSignals.open(url, control, log);
  });
  after(async () => {
    await one.close();
    await two.close();
    await control.destroy();
    await postgres.stop();
  });

  test('reach every server once, as they were sent', async () => {
    const heard: string[] = [];
    const stop = [one, two].map((signals, place) =>
      signals.subscribe('policy', (body) => heard.push(`${place} ${body}`)),
    );
    const bodies = ['v 2  "é"', '', 'x'.repeat(7_700)];
    for (const body of bodies) await one.publish('policy', body);
    await until(() => heard.length === 6);
    for (const end of stop) end();
    assert.deepEqual(
      heard.filter((each) => each.startsWith('0')),
      bodies.map((body) => `0 ${body}`),
    );
    assert.deepEqual(
      heard.filter((each) => each.startsWith('1')),
      bodies.map((body) => `1 ${body}`),
    );
    await assert.rejects(one.publish('policy', 'x'.repeat(8_000)), /too long/);
  });

  test('of a transaction reach others if it is committed, and nobody if it is not', async () => {
    const heard: string[] = [];
    const stop = two.subscribe('runs', (body) => heard.push(body));
    await assert.rejects(
      control.transaction().execute(async (transaction) => {
        await one.publishWithin(transaction, 'runs', 'never');
        throw new Error('half way');
      }),
    );
    await control.transaction().execute((transaction) => one.publishWithin(transaction, 'runs', 'done'));
    await until(() => heard.length > 0);
    stop();
    assert.deepEqual(heard, ['done']);
  });

  test('come again after the database was away, and every server is told that it missed some', async () => {
    const missed: number[] = [];
    const heard: string[] = [];
    one.subscribe(MISSED_SIGNALS, () => missed.push(1));
    two.subscribe(MISSED_SIGNALS, (sinceMs) => missed.push(Number(sinceMs) <= Date.now() ? 2 : 0));
    two.subscribe('action', (body) => heard.push(body));

    await postgres.crash();
    await assert.rejects(one.publish('action', 'lost'));
    await postgres.start();

    await until(() => missed.length === 2);
    assert.deepEqual(
      missed.sort((a, b) => a - b),
      [1, 2],
    );
    await one.publish('action', 'kept');
    await until(() => heard.length > 0);
    assert.deepEqual(heard, ['kept']);
  });
});
