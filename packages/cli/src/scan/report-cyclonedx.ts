import { createHash } from 'node:crypto';
import type { ScanReport } from '@sentinel/protocol';

/** Software bill of materials of what Python has on the computer. Source: CycloneDX 1.6, ECMA-424; package-url, type pypi. */
export function cyclonedxReport(report: ScanReport): string {
  const { inventory } = report;
  const [name = 'sentinel', version = ''] = report.product.split(' ');
  const libraries = new Map<string, { sites: Set<string>; component: object }>();
  const bySite = new Map<string, string[]>();
  for (const found of inventory.packages) {
    const purl = purlOf(found.distribution, found.version);
    const known = libraries.get(purl);
    if (known !== undefined) known.sites.add(found.site);
    else {
      libraries.set(purl, {
        sites: new Set([found.site]),
        component: {
          type: 'library',
          'bom-ref': purl,
          name: found.distribution,
          ...(found.version === undefined ? {} : { version: found.version }),
          purl,
        },
      });
    }
    bySite.set(found.site, [...(bySite.get(found.site) ?? []), purl]);
  }
  const interpreters = inventory.interpreters.map(
    ({ path, implementation, version: pythonVersion, kind, problem }) => ({
      type: 'platform',
      'bom-ref': `interpreter:${path}`,
      name: implementation === 'cpython' ? 'python' : implementation,
      ...(pythonVersion === undefined ? {} : { version: pythonVersion }),
      properties: [
        property('path', path),
        property('kind', kind),
        ...(problem === undefined ? [] : [property('problem', problem)]),
      ],
    }),
  );
  const environments = inventory.environments.map(({ prefix, kind, version: pythonVersion }) => ({
    type: 'application',
    'bom-ref': `environment:${prefix}`,
    name: prefix.slice(prefix.lastIndexOf('/') + 1) || prefix,
    ...(pythonVersion === undefined ? {} : { version: pythonVersion }),
    properties: [property('prefix', prefix), property('kind', kind)],
  }));
  const vulnerabilities = vulnerabilitiesOf(report, libraries);
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: `urn:uuid:${uuidOf(report)}`,
      version: 1,
      metadata: {
        timestamp: report.startedAt,
        tools: { components: [{ type: 'application', name, version }] },
        component: {
          type: 'device',
          'bom-ref': 'host',
          name: report.host.name,
          version: `${report.host.os} ${report.host.osVersion}`,
        },
      },
      components: [
        ...interpreters,
        ...environments,
        ...[...libraries.values()].map(({ component, sites }) => ({
          ...component,
          evidence: { occurrences: [...sites].sort().map((location) => ({ location })) },
        })),
      ],
      dependencies: [
        { ref: 'host', dependsOn: [...interpreters, ...environments].map((component) => component['bom-ref']) },
        ...inventory.environments.map(({ prefix }) => ({
          ref: `environment:${prefix}`,
          dependsOn: [
            ...new Set(
              [...bySite].flatMap(([site, purls]) => (site.startsWith(`${prefix}/`) || site === prefix ? purls : [])),
            ),
          ],
        })),
      ],
      ...(vulnerabilities.length === 0 ? {} : { vulnerabilities }),
    },
    null,
    2,
  )}\n`;
}

function vulnerabilitiesOf(report: ScanReport, libraries: ReadonlyMap<string, unknown>): object[] {
  const found = new Map<string, { id: string; severity: string; refs: Set<string>; fixedIn?: string | undefined }>();
  const all = [report.packageVerdicts ?? [], ...report.assessments.map(({ analysis }) => analysis.verdicts)];
  for (const verdicts of all) {
    for (const verdict of verdicts) {
      const purl = purlOf(verdict.distribution, verdict.version);
      if (verdict.kind !== 'vulnerable' || !libraries.has(purl)) continue;
      for (const id of verdict.advisories) {
        const entry = found.get(id) ?? {
          id,
          severity: verdict.severity,
          refs: new Set<string>(),
          fixedIn: verdict.fixedIn,
        };
        entry.refs.add(purl);
        found.set(id, entry);
      }
    }
  }
  return [...found.values()].map(({ id, severity, refs, fixedIn }) => ({
    id,
    ratings: [{ severity }],
    ...(fixedIn === undefined ? {} : { recommendation: `Update to ${fixedIn} or later.` }),
    affects: [...refs].map((ref) => ({ ref })),
  }));
}

function purlOf(distribution: string, version: string | undefined): string {
  return `pkg:pypi/${encodeURIComponent(distribution)}${version === undefined ? '' : `@${encodeURIComponent(version)}`}`;
}

function property(name: string, value: string): { name: string; value: string } {
  return { name: `sentinel:${name}`, value };
}

/** Same report, same number: version 8 leaves the bits to us. Source: RFC 9562. */
function uuidOf(report: ScanReport): string {
  if (report.id !== undefined) return report.id;
  const hex = createHash('sha256')
    .update(`${report.host.name}\0${report.startedAt}\0${report.roots.join('\0')}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
