import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { ChainedAuditRecord } from '@sentinel/protocol';
import { ChainVerifier, type KeptHead } from './verify-chain.ts';

const leaf = (content: string) => createHash('sha256').update(`\0${content}`).digest('hex');

function chainOf(count: number, word = 'act'): ChainedAuditRecord[] {
  const chain: ChainedAuditRecord[] = [];
  for (let number = 1; number <= count; number++) {
    const content = JSON.stringify({
      action: `${word}-${number}`,
      number,
      previous: chain.at(-1)?.hash ?? '0'.repeat(64),
    });
    chain.push({ number, content, hash: leaf(content) });
  }
  return chain;
}

function verify(chain: readonly ChainedAuditRecord[], head?: KeptHead) {
  const verifier = new ChainVerifier(head);
  for (const record of chain) verifier.add(record);
  return verifier.end();
}

test('finds nothing wrong with a chain as it was kept', () => {
  const chain = chainOf(20);
  const head = { number: 10, hash: chain[9]?.hash ?? '' };

  assert.deepEqual(verify(chain, head), {
    records: 20,
    head: { number: 20, hash: chain[19]?.hash },
    faults: [],
    faultCount: 0,
  });
  assert.equal(verify([]).faultCount, 0);
});

/** Changes that somebody with the database could make, and where each must show. */
const TAMPERINGS: Record<string, (chain: ChainedAuditRecord[]) => { chain: ChainedAuditRecord[]; kinds: string[] }> = {
  'a changed record': (chain) => ({
    chain: chain.with(4, { ...at(chain, 4), content: at(chain, 4).content.replace('act', 'ant') }),
    kinds: ['changed'],
  }),
  'a changed record with its hash made anew': (chain) => {
    const content = at(chain, 4).content.replace('act', 'ant');
    return { chain: chain.with(4, { number: 5, content, hash: leaf(content) }), kinds: ['changed'] };
  },
  'a dropped record': (chain) => ({ chain: chain.toSpliced(4, 1), kinds: ['missing'] }),
  'a dropped first record': (chain) => ({ chain: chain.slice(1), kinds: ['missing'] }),
  'two records that changed places': (chain) => ({
    chain: chain.with(4, at(chain, 5)).with(5, at(chain, 4)),
    kinds: ['missing', 'order'],
  }),
  'an inserted record': (chain) => {
    const content = JSON.stringify({ action: 'forged', number: 6, previous: at(chain, 4).hash });
    return { chain: chain.toSpliced(5, 0, { number: 6, content, hash: leaf(content) }), kinds: ['order'] };
  },
  'a record twice': (chain) => ({ chain: chain.toSpliced(5, 0, at(chain, 4)), kinds: ['order'] }),
  'an end that was cut off': (chain) => ({ chain: chain.slice(0, 15), kinds: ['missing'] }),
  'a chain written anew from a record on': (chain) => {
    const forged = chainOf(20, 'lie');
    return { chain: [...chain.slice(0, 0), ...forged], kinds: ['changed'] };
  },
  'a chain without a record, all numbers and hashes made anew': (chain) => {
    const kept: ChainedAuditRecord[] = [];
    for (const { content } of chain.toSpliced(4, 1)) {
      const said = JSON.parse(content) as { action: string };
      const anew = JSON.stringify({
        action: said.action,
        number: kept.length + 1,
        previous: kept.at(-1)?.hash ?? '0'.repeat(64),
      });
      kept.push({ number: kept.length + 1, content: anew, hash: leaf(anew) });
    }
    return { chain: kept, kinds: ['changed'] };
  },
};

for (const [name, tamper] of Object.entries(TAMPERINGS)) {
  test(`finds ${name}`, () => {
    const chain = chainOf(20);
    const head = { number: 19, hash: at(chain, 18).hash };
    const { chain: tampered, kinds } = tamper(chain);

    const { faults } = verify(tampered, head);

    for (const kind of kinds)
      assert.ok(
        faults.some((fault) => fault.kind === kind),
        `${kind}: ${JSON.stringify(faults)}`,
      );
  });
}

test('finds every single changed character', () => {
  const chain = chainOf(5);
  for (const [index, record] of chain.entries()) {
    for (let place = 0; place < record.content.length; place++) {
      const flipped = String.fromCharCode(record.content.charCodeAt(place) ^ 1);
      const content = record.content.slice(0, place) + flipped + record.content.slice(place + 1);
      assert.ok(
        verify(chain.with(index, { ...record, content })).faultCount > 0,
        `record ${index}, character ${place}`,
      );
    }
  }
});

function at(chain: readonly ChainedAuditRecord[], index: number): ChainedAuditRecord {
  return chain[index] ?? assert.fail(`no record ${index}`);
}
