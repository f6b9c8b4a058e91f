import { createHash } from 'node:crypto';
import type { Lock, LockedPackage } from './read-lock.ts';

/** Algorithms of npm's integrity, as CycloneDX calls them. */
const ALGORITHMS: Readonly<Record<string, string>> = { sha512: 'SHA-512', sha256: 'SHA-256', sha1: 'SHA-1' };

/**
 * Software bill of materials of what we ship: every package of the lock file that is not only for work on it. The same lock file
 * gives the same text, so that two builds can be compared. Source: CycloneDX 1.6, ECMA-424; package-url, type npm; SPDX.
 */
export function makeSbom(
  { packages, own }: Lock,
  product: { readonly name: string; readonly version: string },
): string {
  const shipped = packages.filter(({ isDev }) => !isDev);
  const purlOf = new Map(shipped.map((one) => [one.place, purl(one)]));
  const components = new Map<string, object>();
  const needs = new Map<string, Set<string>>();
  for (const one of shipped) {
    const reference = purl(one);
    components.set(reference, component(one));
    const known = needs.get(reference) ?? new Set();
    for (const place of one.needs) known.add(purlOf.get(place) ?? reference);
    known.delete(reference);
    needs.set(reference, known);
  }
  const root = `pkg:npm/${product.name}@${product.version}`;
  const direct = new Set(own.flatMap(({ dependency }) => purlOf.get(`node_modules/${dependency}`) ?? []));
  const sorted = [...components.keys()].sort();
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: `urn:uuid:${uuidOf([root, ...sorted].join('\n'))}`,
      version: 1,
      metadata: {
        component: { type: 'application', 'bom-ref': root, name: product.name, version: product.version, purl: root },
      },
      components: sorted.map((reference) => components.get(reference)),
      dependencies: [
        { ref: root, dependsOn: [...direct].sort() },
        ...sorted.map((ref) => ({ ref, dependsOn: [...(needs.get(ref) ?? [])].sort() })),
      ],
    },
    null,
    2,
  )}\n`;
}

function component(one: LockedPackage): object {
  const [algorithm = '', base64 = ''] = one.integrity?.split(' ')[0]?.split('-', 2) ?? [];
  const hash = ALGORITHMS[algorithm];
  const scope = one.name.startsWith('@') ? one.name.slice(0, one.name.indexOf('/')) : undefined;
  return {
    type: 'library',
    'bom-ref': purl(one),
    ...(scope === undefined ? {} : { group: scope }),
    name: scope === undefined ? one.name : one.name.slice(scope.length + 1),
    version: one.version,
    scope: one.isOptional ? 'optional' : 'required',
    ...(hash === undefined ? {} : { hashes: [{ alg: hash, content: Buffer.from(base64, 'base64').toString('hex') }] }),
    ...(one.license === undefined ? {} : { licenses: [licenceOf(one.license)] }),
    purl: purl(one),
  };
}

function licenceOf(license: string): object {
  return / (?:AND|OR|WITH) |[()]/.test(license) ? { expression: license } : { license: { id: license } };
}

function purl({ name, version }: LockedPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** Id of a text. Source: RFC 9562, version 8. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
