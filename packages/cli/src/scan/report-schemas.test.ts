import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScanReport } from '@sentinel/protocol';
import { formatScan } from './report-format.ts';
import { sampleReport } from './testing/sample-report.ts';
import { schemaErrors } from './testing/schema-errors.ts';

interface Log {
  readonly version: string;
  readonly runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }[];
}

describe('a report in a standard form', () => {
  const report = ScanReport.parse(sampleReport());
  const judged: ScanReport = {
    ...report,
    packageVerdicts: [
      {
        distribution: 'requests',
        version: '2.19.0',
        kind: 'vulnerable',
        advisories: ['CVE-2018-18074'],
        severity: 'high',
        isKnownExploited: false,
        fixedIn: '2.20.0',
        sites: ['/site'],
      },
    ],
  };

  it('is CycloneDX 1.6 by the published schema', () => {
    for (const one of [report, judged])
      assert.deepEqual(schemaErrors('cyclonedx-1.6', formatScan(one, 'cyclonedx')), []);
  });

  it('would be refused by the schema of CycloneDX if it were wrong', () => {
    const bom = JSON.parse(formatScan(report, 'cyclonedx')) as { components: object[] };
    for (const wrong of [
      { ...bom, components: [{ type: 'planet', name: 'x' }] },
      { ...bom, components: [{ type: 'library', name: 'x', licenses: [{ license: { id: 'Nobody-1.0' } }] }] },
      { ...bom, serialNumber: 'urn:uuid:1' },
      { ...bom, metadata: { timestamp: 'yesterday' } },
      { ...bom, surprise: true },
    ])
      assert.notDeepEqual(schemaErrors('cyclonedx-1.6', JSON.stringify(wrong)), []);
  });

  it('is SARIF 2.1.0 by the published schema', () => {
    for (const one of [report, judged]) assert.deepEqual(schemaErrors('sarif-2.1.0', formatScan(one, 'sarif')), []);
  });

  it('keeps what the text of SARIF asks for and its schema cannot say: unique rules, and indices that lead to them', () => {
    for (const { tool, results } of (JSON.parse(formatScan(judged, 'sarif')) as Log).runs) {
      const ids = tool.driver.rules.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const { ruleId, ruleIndex } of results) assert.equal(ids[ruleIndex], ruleId);
    }
  });

  it('would be refused by the schema of SARIF if it were wrong', () => {
    const log = JSON.parse(formatScan(report, 'sarif')) as Log;
    const [run] = log.runs;
    const [result] = run?.results ?? [];
    for (const wrong of [
      { ...log, version: '2.1' },
      { ...log, runs: [{ ...run, results: [{ ...result, ruleIndex: -2 }] }] },
      { ...log, runs: [{ ...run, results: [{ ...result, severity: 'high' }] }] },
      { ...log, runs: [{ ...run, results: [{ ...result, message: {} }] }] },
      { ...log, runs: [{ ...run, results: [{ ...result, level: 'grave' }] }] },
    ])
      assert.notDeepEqual(schemaErrors('sarif-2.1.0', JSON.stringify(wrong)), []);
  });
});
