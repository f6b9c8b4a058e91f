import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareReports } from '@sentinel/discovery';
import { ScanReport } from '@sentinel/protocol';
import { inventoryFindings } from './inventory-findings.ts';
import { formatByName, formatScan } from './report-format.ts';
import { sampleReport } from './testing/sample-report.ts';

describe('a report of a scan', () => {
  const report = ScanReport.parse(sampleReport());

  it('has its form by the name of the file', () => {
    assert.deepEqual(
      ['a.html', 'a.cdx.json', 'a.sarif', 'a.json', 'a.csv', 'a.txt'].map((name) => formatByName(name)),
      ['html', 'cyclonedx', 'sarif', 'json', 'csv', undefined],
    );
  });

  it('comes back whole from JSON', () => {
    assert.deepEqual(ScanReport.parse(JSON.parse(formatScan(report, 'json'))), report);
  });

  it('has one row a source in CSV, and no cell that a spreadsheet would calculate', () => {
    const risky = {
      ...report,
      inventory: {
        ...report.inventory,
        scripts: [{ ...(report.inventory.scripts[0] ?? assert.fail()), path: '=cmd|"x".py' }],
        notebooks: [],
      },
    };
    const [header, row, end] = formatScan(risky, 'csv').split('\r\n');
    assert.match(header ?? '', /^path,kind,risk,band,top_reason,owner/);
    assert.match(row ?? '', /^"'=cmd\|""x""\.py",script,/);
    assert.equal(end, '');
    assert.equal(formatScan(report, 'csv').trimEnd().split('\r\n').length, 1 + 247 + 1);
  });

  it('names in SARIF a rule for each result and a place in the file', () => {
    const log = JSON.parse(formatScan(report, 'sarif')) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          locations: { physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } } }[];
        }[];
      }[];
    };
    const [run] = log.runs;
    assert.equal(log.version, '2.1.0');
    for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
      assert.equal(run?.tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.match(locations[0]?.physicalLocation.artifactLocation.uri ?? '', /^file:\/\/\/[\w./%@+~=()-]+$/);
    }
    const key = run?.results.find(({ ruleId }) => ruleId === 'secret-openai-key');
    assert.deepEqual([key?.level, key?.locations[0]?.physicalLocation.region], ['error', { startLine: 8, endLine: 8 }]);
  });

  it('lists in CycloneDX each distribution once, where it was seen, and its holes', () => {
    const bom = JSON.parse(formatScan(report, 'cyclonedx')) as {
      specVersion: string;
      components: { type: string; 'bom-ref': string; purl?: string }[];
      dependencies: { ref: string; dependsOn: string[] }[];
      vulnerabilities: { id: string; affects: { ref: string }[] }[];
    };
    assert.equal(bom.specVersion, '1.6');
    assert.deepEqual(
      bom.components.flatMap(({ purl }) => purl ?? []),
      ['pkg:pypi/requests@2.19.0', 'pkg:pypi/openai@2.1.0', 'pkg:pypi/inhouse-tools@0.3'],
    );
    const refs = new Set(['host', ...bom.components.map((one) => one['bom-ref'])]);
    assert.equal(refs.size, bom.components.length + 1, 'references are unique');
    for (const { ref, dependsOn } of bom.dependencies)
      for (const one of [ref, ...dependsOn]) assert.ok(refs.has(one), one);
    assert.deepEqual(
      bom.vulnerabilities.map(({ id, affects }) => [id, affects]),
      [
        ['PYSEC-2018-28', [{ ref: 'pkg:pypi/requests@2.19.0' }]],
        ['CVE-2018-18074', [{ ref: 'pkg:pypi/requests@2.19.0' }]],
      ],
    );
  });

  it('judges the computer, the worst first, and takes no supported Python for an old one', () => {
    assert.deepEqual(
      inventoryFindings(report).map(({ ruleId, severity, evidence }) => [ruleId, severity, evidence.length]),
      [
        ['schedule-root-runs-foreign-script', 'critical', 1],
        ['script-in-personal-cloud', 'high', 1],
        ['schedule-without-review', 'medium', 2],
        ['interpreter-end-of-life', 'medium', 2],
        ['script-without-owner', 'medium', 1],
        ['package-from-direct-address', 'low', 1],
        ['script-only-copy', 'low', 4],
        ['environment-broken', 'low', 1],
      ],
    );
  });

  it('tells what is new, gone and changed', () => {
    const older = sampleReport();
    older.inventory.scripts = older.inventory.scripts
      .slice(1)
      .map((one, index) => (index === 0 ? { ...one, sha256: 'e'.repeat(64) } : one));
    older.inventory.packages.push({ distribution: 'six', version: '1.0', site: '/x' });
    const comparison = compareReports(older, report);
    assert.deepEqual(comparison.scripts, {
      added: ['/home/ana.souza/OneDrive/sap_gl_extract.py'],
      removed: [],
      changed: ['/home/ana.souza/Documents/invoice_entry.py'],
    });
    assert.deepEqual(comparison.packages, { added: [], removed: ['six in /x'], changed: [] });
    assert.match(formatScan(report, 'html', comparison), /Changes since 2026-11-20/);
  });

  it('is honest in HTML where sources were not analysed', () => {
    const html = formatScan(
      { ...report, analysis: { isIncluded: false, note: 'Not asked for.' }, assessments: [] },
      'html',
    );
    assert.match(html, /Sources were not analysed/);
    assert.doesNotMatch(html, /<h3>Sources with the highest risk|<h3>Risk of the sources/);
    assert.doesNotMatch(html, /<img src=x/);
  });
});
