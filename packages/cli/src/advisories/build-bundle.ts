import { renameSync, writeFileSync } from 'node:fs';
import {
  AdvisoryIndex,
  type BundleManifest,
  buildAdvisoryData,
  openBundle,
  publicKeyText,
  writeBundle,
} from '@sentinel/analyser/advisories';
import { readSources } from './read-sources.ts';
import { signingKey } from './signing-key.ts';

/** What `build` made. */
export interface BuiltBundle {
  readonly file: string;
  readonly sizeBytes: number;
  readonly publicKey: string;
  readonly isNewKey: boolean;
  readonly manifest: BundleManifest;
  /** Files that could not be read, records that are none, records that were withdrawn. */
  readonly leftOut: { readonly files: readonly string[]; readonly refused: number; readonly withdrawn: number };
}

/** Makes one signed file out of folders and archives. */
export function buildBundle(options: {
  readonly from: readonly string[];
  readonly out: string;
  readonly key: string;
  readonly attributions: readonly string[];
  readonly nowMs: number;
}): BuiltBundle {
  const sources = readSources(options.from);
  const { data, counts, refused } = buildAdvisoryData(sources);
  if (counts.advisories + counts.malicious === 0) throw new Error('no OSV record on PyPI was found there');
  const { key, isNew } = signingKey(options.key);
  const all = Object.values(data.packages).flat();
  const { dataDate } = new AdvisoryIndex(data);
  const bundle = writeBundle(
    data,
    {
      madeAt: new Date(options.nowMs).toISOString(),
      ...(dataDate === undefined ? {} : { dataDate }),
      counts: {
        packages: Object.keys(data.packages).length,
        advisories: counts.advisories,
        malicious: counts.malicious,
        knownExploited: all.filter(({ isKnownExploited }) => isKnownExploited).length,
        withEpss: all.filter(({ epss }) => epss !== undefined).length,
        names: data.names.length,
      },
      attributions: [...options.attributions],
    },
    key,
  );
  const publicKey = publicKeyText(key);
  // What cannot be opened here cannot be opened there.
  const { manifest } = openBundle(bundle, [publicKey]);
  const temporary = `${options.out}.${process.pid}.new`;
  writeFileSync(temporary, bundle);
  renameSync(temporary, options.out);
  return {
    file: options.out,
    sizeBytes: bundle.length,
    publicKey,
    isNewKey: isNew,
    manifest,
    leftOut: { files: sources.unreadable, refused, withdrawn: counts.withdrawn },
  };
}
