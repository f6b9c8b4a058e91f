import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PackageUse } from '@sentinel/protocol';
import { AdvisoryIndex } from '../advisories/advisory-index.ts';
import { buildAdvisoryData } from '../advisories/build-advisory-data.ts';
import { readInstalledDistribution } from './installed-distribution.ts';
import { judgePackages } from './judge-packages.ts';

const record = (id: string, name: string, rest: object) => ({
  id,
  modified: '2026-01-02T00:00:00Z',
  affected: [{ package: { ecosystem: 'PyPI', name }, ...rest }],
});
const fixed = (introduced: string, end: string) => ({
  ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed: end }] }],
});

const { data } = buildAdvisoryData({
  records: [
    { ...record('PYSEC-1', 'Requests', fixed('0', '2.31.0')), aliases: ['CVE-2023-1'] },
    { ...record('GHSA-1', 'requests', fixed('2.3.0', '2.32.0')), database_specific: { severity: 'HIGH' } },
    record('MAL-1', 'reqeusts-evil', { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] }),
    record('MAL-2', 'requests', { versions: ['9.9.9'] }),
  ],
  knownExploited: new Set(['CVE-2023-1']),
  epss: new Map([['CVE-2023-1', 0.5]]),
  names: ['requests', 'urllib3'],
});
const index = new AdvisoryIndex(data);
const use = (distribution: string, version?: string): PackageUse => ({
  distribution,
  ...(version === undefined ? {} : { version }),
  ground: 'requirements',
});

describe('judgePackages', () => {
  it('says nothing without data', () => {
    assert.deepEqual(judgePackages([use('requests', '2.0')], undefined), []);
  });

  it('gives one verdict on a vulnerable version, with the version that mends all', () => {
    assert.deepEqual(judgePackages([use('requests', '2.30.0'), use('requests', '2.30.0')], index), [
      {
        distribution: 'requests',
        version: '2.30.0',
        kind: 'vulnerable',
        advisories: ['CVE-2023-1', 'PYSEC-1', 'GHSA-1'],
        severity: 'critical',
        isKnownExploited: true,
        epss: 0.5,
        fixedIn: '2.32.0',
        dataDate: '2026-01-02',
      },
    ]);
    assert.deepEqual(judgePackages([use('requests', '2.32.0')], index), []);
  });

  it('takes the version of what is installed, and leaves what a distributor maintains alone', () => {
    const metadata = 'Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\n\nText';
    const plain = readInstalledDistribution(metadata, 'pip\n');
    const distro = readInstalledDistribution(metadata, undefined, '/usr/lib/python3/dist-packages/requests.egg-info');
    assert.ok(plain !== undefined && distro !== undefined);
    const kinds = (installed: typeof plain) =>
      judgePackages([use('requests')], index, { installed: [installed] }).map(({ kind }) => kind);
    assert.deepEqual([plain.origin, distro.origin], ['index', 'distro']);
    assert.deepEqual(kinds(plain), ['vulnerable']);
    assert.deepEqual(kinds(distro), []);
  });

  it('names what is malicious, what imitates and what nobody knows', () => {
    const found = judgePackages(
      [use('reqeusts-evil'), use('reqeusts'), use('sap-magic'), use('requests'), use('requests', '9.9.9')],
      index,
    );
    assert.deepEqual(
      found.map(({ kind, distribution, severity, resembles }) => [kind, distribution, severity, resembles]),
      [
        ['malicious', 'reqeusts-evil', 'critical', undefined],
        ['squat', 'reqeusts', 'high', 'requests'],
        ['unknown-name', 'sap-magic', 'low', undefined],
        ['malicious', 'requests', 'critical', undefined],
      ],
    );
  });

  it('lets names of the company pass', () => {
    assert.deepEqual(
      judgePackages([use('reqeusts'), use('sap-magic')], index, { allowedNames: new Set(['Reqeusts', 'sap_magic']) }),
      [],
    );
  });
});
