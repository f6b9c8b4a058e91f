import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AgentAction } from '@sentinel/protocol';
import { pino } from 'pino';
import { makeAction, makeOperator, signAction } from '../testing/operators.ts';
import { StandingOrders } from './standing-orders.ts';

const [ada, eve] = [makeOperator(), makeOperator()];
const SHA256 = 'a'.repeat(64);

describe('standing orders', () => {
  let folder: string;
  const open = async (groups = ['finance']) => {
    const orders = new StandingOrders({
      path: join(folder, 'orders.json'),
      trust: { organisation: 'contoso', keys: [ada.key], threshold: 1, groups },
      log: pino({ level: 'silent' }),
    });
    await orders.open();
    return orders;
  };
  const isolate = (destination: string, over: Partial<AgentAction> = {}) =>
    makeAction({ order: { kind: 'isolate-destination', destination }, ...over });
  const idsOf = (orders: StandingOrders) => orders.all.map(({ id }) => id);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-orders-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('hold over a restart, past the time in which they could be given, until they are lifted', async () => {
    const past = Date.now() - 5 * 86_400_000;
    const [old, direct] = [
      isolate('a.example', {
        issuedAt: new Date(past).toISOString(),
        notAfter: new Date(past + 60_000).toISOString(),
      }),
      isolate('b.example', { target: { endpoints: ['01900000-0000-7000-8000-000000000001'], groups: [] } }),
    ];
    const orders = await open();
    for (const one of [old, direct]) await orders.add(one, signAction(one, [ada]));

    const again = await open();
    assert.deepEqual(idsOf(again), [old.id, direct.id]);
    assert.equal(await again.lift(old.id), true);
    assert.equal(await again.lift(old.id), false);
    assert.deepEqual(idsOf(await open()), [direct.id]);
  });

  it('do not hold where the file was changed: a line of somebody else, another word, no file at all', async () => {
    const own = isolate('a.example');
    const foreign = isolate('b.example');
    const signed = signAction(own, [ada]);
    const changed = { ...signed, payload: Buffer.from(JSON.stringify(isolate('c.example'))).toString('base64') };
    writeFileSync(join(folder, 'orders.json'), JSON.stringify([signed, signAction(foreign, [eve]), changed]));
    assert.deepEqual(idsOf(await open()), [own.id]);
    writeFileSync(join(folder, 'orders.json'), '{');
    assert.deepEqual(idsOf(await open()), []);
  });

  it('keep of several decisions on one version the one that was signed last, whatever comes first', async () => {
    const decided = (state: 'approved' | 'revoked', issuedAtMs: number) =>
      makeAction({
        order: { kind: 'decide-approval', sha256: SHA256, state },
        issuedAt: new Date(issuedAtMs).toISOString(),
      });
    const [first, last] = [decided('approved', Date.now() - 60_000), decided('revoked', Date.now() - 1000)];
    const orders = await open();
    for (const one of [last, first]) await orders.add(one, signAction(one, [ada]));
    assert.deepEqual(idsOf(orders), [last.id]);
    assert.equal((JSON.parse(readFileSync(join(folder, 'orders.json'), 'utf8')) as unknown[]).length, 1);
  });
});
