import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare } from '@renovatebot/pep440';
import { buildAdvisoryData } from './build-advisory-data.ts';
import { cvss3Score, severityOfScore } from './cvss-severity.ts';
import { SquatTest } from './squat-test.ts';
import { VersionMatcher } from './version-matcher.ts';
import { compareVersions, orderedVersion } from './version-order.ts';

describe('versions', () => {
  it('stand in the order of the library', () => {
    const versions =
      `1!0.1 1.0 1.0.0 1.0.1 1.0a1 1.0a1.dev2 1.0b2 1.0rc1 1.0.dev3 1.0.post1 1.0.post1.dev4 1.0-1 v1.2 0.9 2.0 1.10 1.9
      1.0c1 2.1.0-beta 2012.4`.split(/\s+/);
    for (const a of versions) {
      for (const b of versions) {
        const [left, right] = [orderedVersion(a), orderedVersion(b)];
        assert.ok(left !== undefined && right !== undefined, `${a} ${b}`);
        assert.equal(Math.sign(compareVersions(left, right)), Math.sign(compare(a, b)), `${a} ${b}`);
      }
    }
  });

  it('that are not of PEP 440 are compared as text', () => {
    assert.equal(orderedVersion('2004d'), undefined);
    const matcher = new VersionMatcher({ ranges: [{ introduced: '0', fixed: '2.0' }], versions: ['2004d'] });
    assert.deepEqual(
      ['2004d', '2004c', '1.9+local', '2.0'].map((version) => matcher.matches(version)),
      [true, false, true, false],
    );
  });
});

describe('buildAdvisoryData', () => {
  const build = (events: object[], versions: string[] = [], rest = {}) =>
    buildAdvisoryData({
      records: [
        {
          id: 'PYSEC-1',
          affected: [{ package: { ecosystem: 'PyPI', name: 'a' }, ranges: [{ type: 'ECOSYSTEM', events }], versions }],
          ...rest,
        },
      ],
      knownExploited: new Set(),
      epss: new Map(),
      names: [],
    });

  it('reads events in any order', () => {
    const { data } = build([
      { introduced: '2.11' },
      { fixed: '2.11.7' },
      { introduced: '0' },
      { fixed: '2.11.6' },
      { introduced: '2.12' },
      { fixed: '2.12.4' },
    ]);
    assert.deepEqual(data.packages['a']?.[0]?.ranges, [
      { introduced: '0', fixed: '2.11.6' },
      { introduced: '2.12', fixed: '2.12.4' },
    ]);
  });

  it('keeps only versions that no range covers', () => {
    const { data } = build([{ introduced: '0' }, { last_affected: '1.0' }], ['0.9', '1.0', '1.1', 'old-one']);
    assert.deepEqual(data.packages['a']?.[0]?.versions, ['1.1', 'old-one']);
  });

  it('leaves withdrawn records and those of other ecosystems out, and counts what is none', () => {
    assert.deepEqual(build([{ introduced: '0' }], [], { withdrawn: '2024-01-01T00:00:00Z' }).counts, {
      advisories: 0,
      malicious: 0,
      withdrawn: 1,
    });
    const none = {
      records: [{ id: 1 }, { id: 'X', affected: [{ package: { ecosystem: 'npm', name: 'a' } }] }],
      knownExploited: new Set<string>(),
      epss: new Map<string, number>(),
      names: [],
    };
    const { refused, data } = buildAdvisoryData(none);
    assert.deepEqual([refused, data.packages], [1, {}]);
  });
});

describe('cvss3Score', () => {
  it('gives the scores of published vectors', () => {
    assert.equal(cvss3Score('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'), 9.8);
    assert.equal(cvss3Score('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N'), 6.1);
    assert.equal(cvss3Score('CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:N/I:N/A:N'), 0);
    assert.equal(cvss3Score('CVSS:4.0/AV:N'), undefined);
    assert.deepEqual([9.8, 7, 6.9, 0].map(severityOfScore), ['critical', 'high', 'medium', 'low']);
  });
});

describe('SquatTest', () => {
  const test = new SquatTest(['requests', 'python-dateutil', 'six', 'request']);
  it('tells one edit from a well-known name, and nothing else', () => {
    assert.deepEqual(
      [
        'requests',
        'request',
        'reqests',
        'reqeusts',
        'requestss',
        'requestz',
        'pythondateutil',
        'reuqetss',
        'sixx',
        'sx',
      ].map((name) => test.resembledBy(name)),
      [
        undefined,
        undefined,
        'requests',
        'requests',
        'requests',
        'requests',
        'python-dateutil',
        undefined,
        undefined,
        undefined,
      ],
    );
  });
});
