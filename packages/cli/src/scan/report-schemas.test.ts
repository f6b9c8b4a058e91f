import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ScanReport } from '@sentinel/protocol';
import { formatScan } from './report-format.ts';
import { sampleReport } from './testing/sample-report.ts';
import { SarifLog } from './testing/sarif-shape.ts';

/** Installed by `npm run check`; ships the schemas that CycloneDX publishes. */
const PYTHON = join(import.meta.dirname, '../../../../.cache/python-tools/bin/python');
const VALIDATE = `
import importlib.util, json, pathlib, sys
from jsonschema import Draft7Validator, FormatChecker
from referencing import Registry, Resource
folder = pathlib.Path(importlib.util.find_spec("cyclonedx").origin).parent / "schema" / "_res"
load = lambda name: json.loads((folder / name).read_text("utf8"))
schema = load("bom-1.6.SNAPSHOT.schema.json")
registry = Registry()
for name in ("bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"):
    one = load(name)
    registry = Resource.from_contents(one) @ registry
    registry = registry.with_resource(name, Resource.from_contents(one))
    registry = registry.with_resource(one["$id"].rsplit("/", 1)[0] + "/" + name, Resource.from_contents(one))
validator = Draft7Validator(schema, registry=registry, format_checker=FormatChecker())
errors = [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(json.load(sys.stdin))]
print(json.dumps(errors[:20]))
`;

function cyclonedxErrors(text: string): string[] {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', VALIDATE], { input: text, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as string[];
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
  const hasSchemas = existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import jsonschema, cyclonedx']).status === 0;

  it('is CycloneDX 1.6 by the published schema', (t) => {
    if (!hasSchemas) return t.skip('the published schemas are not installed: npm run check brings them');
    for (const one of [report, judged]) assert.deepEqual(cyclonedxErrors(formatScan(one, 'cyclonedx')), []);
    return undefined;
  });

  it('would be refused by the published schema if it were wrong', (t) => {
    if (!hasSchemas) return t.skip('the published schemas are not installed: npm run check brings them');
    const bom = JSON.parse(formatScan(report, 'cyclonedx')) as { components: object[] };
    for (const wrong of [
      { ...bom, components: [{ type: 'planet', name: 'x' }] },
      { ...bom, serialNumber: 'urn:uuid:1' },
      { ...bom, surprise: true },
    ])
      assert.notDeepEqual(cyclonedxErrors(JSON.stringify(wrong)), []);
    return undefined;
  });

  it('is SARIF 2.1.0, property by property', () => {
    for (const one of [report, judged]) SarifLog.parse(JSON.parse(formatScan(one, 'sarif')));
  });

  it('would be refused as SARIF if it were wrong', () => {
    const log = SarifLog.parse(JSON.parse(formatScan(report, 'sarif')));
    const [run] = log.runs;
    const [result] = run?.results ?? [];
    for (const wrong of [
      { ...log, version: '2.1' },
      { ...log, runs: [{ ...run, results: [{ ...result, ruleIndex: 1_000 }] }] },
      { ...log, runs: [{ ...run, results: [{ ...result, severity: 'high' }] }] },
      { ...log, runs: [{ ...run, results: [{ ...result, message: {} }] }] },
    ])
      assert.equal(SarifLog.safeParse(wrong).success, false);
  });
});
