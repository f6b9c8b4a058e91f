import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewer } from './version-order.ts';

test('orders versions as Semantic Versioning does', () => {
  const rising = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.10.0',
    '2.0.0',
  ];
  for (const [place, version] of rising.entries()) {
    for (const [otherPlace, other] of rising.entries())
      assert.equal(isNewer(version, other), place > otherPlace, `${version} after ${other}`);
  }
});
