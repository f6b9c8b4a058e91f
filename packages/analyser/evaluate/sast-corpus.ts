import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readTar } from '../src/advisories/read-tar.ts';
import { CORPUS } from './corpus.ts';

export { CORPUS };

/** A label of bandit: lines are a range. */
export interface BanditLabel {
  readonly line: number;
  readonly range: readonly [number, number];
  readonly test_id: string;
}

/** The set for weaknesses. */
export interface SastCorpus {
  readonly bandit: readonly {
    readonly file: string;
    readonly source: string;
    readonly labels: readonly BanditLabel[];
  }[];
  readonly ruff: readonly {
    readonly file: string;
    readonly source: string;
    readonly labels: readonly (readonly [string, number])[];
  }[];
  readonly benign: readonly { readonly file: string; readonly source: string }[];
  readonly scripts: readonly { readonly file: string; readonly source: string }[];
}

/** Reads the set; sources are only ever read, never run. */
export function readSastCorpus(): SastCorpus {
  const banditLabels = json('sast/bandit-labels.json') as Record<string, { findings: BanditLabel[] }>;
  const ruffLabels = json('sast/ruff-s-labels.json') as Record<
    string,
    { default?: [string, number][]; preview?: [string, number][] }
  >;
  return {
    bandit: readSources('sast/bandit-examples.tar.gz').map(({ file, source }) => ({
      file,
      source,
      labels: banditLabels[file]?.findings ?? [],
    })),
    ruff: readSources('sast/ruff-s-fixtures.tar.gz').map(({ file, source }) => ({
      file,
      source,
      labels: [...(ruffLabels[file]?.default ?? []), ...(ruffLabels[file]?.preview ?? [])],
    })),
    benign: readSources('sast/guarddog-benign.tar.gz'),
    scripts: gunzipSync(readFileSync(join(CORPUS, 'scripts/scripts.jsonl.gz')))
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { id: string; text: string })
      .map(({ id, text }) => ({ file: id, source: text })),
  };
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(CORPUS, path), 'utf8'));
}

function readSources(path: string): { file: string; source: string }[] {
  return [...readTar(gunzipSync(readFileSync(join(CORPUS, path))))].map(({ name, content }) => ({
    file: name.replace(/^.*\//, ''),
    source: normaliseLines(content.toString('utf8')),
  }));
}

/** LF line ends, without a byte order mark. */
function normaliseLines(source: string): string {
  return source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}
