import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareReports } from '@sentinel/discovery';
import { ScanReport } from '@sentinel/protocol';
import { formatByName } from './format-by-name.ts';
import { inventoryFindings } from './inventory-findings.ts';
import { formatScan } from './report-format.ts';
import { sampleReport } from './testing/sample-report.ts';
import { schemaErrors } from './testing/schema-errors.ts';

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

  it('tells in HTML, CSV and SARIF what a pack of the company took out, and who answers for it', () => {
    const [first, ...others] = report.assessments;
    assert.ok(first !== undefined);
    const suppressed = [
      {
        kind: 'weakness' as const,
        ruleId: 'weak-eval',
        title: 'Text is run as code',
        place: { line: 12, endLine: 12 },
        suppressedBy: {
          pack: 'acme 3',
          change: 'allow' as const,
          reason: 'reads <only> our own formulas',
          author: 'R. Diaz',
          until: '2027-03-31',
        },
      },
    ];
    const accepted = { ...report, assessments: [{ ...first, analysis: { ...first.analysis, suppressed } }, ...others] };
    const html = formatScan(accepted, 'html');
    assert.match(html, /1 finding that gives no points/);
    assert.match(html, /reads &lt;only&gt; our own formulas[\s\S]*R\. Diaz in acme 3, until 2027-03-31/);
    assert.match(html, /Text is run as code \(weak-eval\), line 12/);
    assert.doesNotMatch(formatScan(report, 'html'), /id="accepted"/);
    const row = formatScan(accepted, 'csv')
      .split('\r\n')
      .find((line) => line.startsWith(first.path));
    assert.ok(row?.endsWith(',weak-eval') === true, row ?? 'no row');
    const sarif = formatScan(accepted, 'sarif');
    assert.match(sarif, /allow by acme 3: reads <only> our own formulas \(R\. Diaz, until 2027-03-31\)/);
    assert.deepEqual(schemaErrors('sarif-2.1.0', sarif), []);
  });

  it('shows the same content once, with its other places, and the reasons that add up to its score', () => {
    const [first] = report.assessments;
    assert.ok(first !== undefined);
    const shares = [
      ...Array.from({ length: 9 }, (_, index) => ({
        dimension: 'weaknesses' as const,
        ruleId: `weak-${index}`,
        reason: `habit ${index}`,
        points: 1,
      })),
      { dimension: 'floor' as const, ruleId: 'secret-x', reason: 'never below 60: a key', points: 51 },
    ];
    const risk = { ...first.risk, score: 60, band: 'high' as const, shares };
    const copies = ['/a/one.py', '/b/one.py', '/c/one.py'].map((path) => ({ ...first, path, risk }));
    const html = formatScan({ ...report, assessments: copies }, 'html');
    assert.equal(html.match(/class="card-head"/g)?.length, 1);
    assert.match(html, /The same content in 2 other places<\/summary><ul class="evidence"><li><code>\/<wbr>b\//);
    const points = [...html.matchAll(/class="points">\+(\d+)</g)].map(([, text]) => Number(text));
    assert.deepEqual(points, [1, 1, 1, 1, 1, 1, 3, 51]);
    assert.match(html, /\+3<\/span><span>3 smaller reasons[\s\S]*\+51<\/span><span>lifted to 60, the least for a key/);
  });

  it('says which connection was opened and what was written, only where it was', () => {
    const html = formatScan(report, 'html');
    assert.match(html, /No network connection was opened\. Nothing was written but this report\./);
    const sent = formatScan(
      { ...report, uploadedTo: 'https://sentinel.example', keptFiles: ['state', 'signature'] },
      'html',
    );
    assert.doesNotMatch(sent, /No network connection/);
    assert.match(sent, /the inventory is sent to https:\/\/sentinel\.example; no other network connection/);
    assert.match(sent, /but this report and the state for the next scan and its signature\./);
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
