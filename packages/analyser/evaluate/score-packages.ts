import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AdvisoryIndex } from '../src/advisories/advisory-index.ts';
import { buildAdvisoryData } from '../src/advisories/build-advisory-data.ts';
import { readTar } from '../src/advisories/read-tar.ts';
import { findPackages } from '../src/packages/find-packages.ts';
import { judgePackages } from '../src/packages/judge-packages.ts';
import { loadParser } from '../src/parse.ts';
import { CORPUS, readSastCorpus } from './sast-corpus.ts';

/** A labelled question: is this version affected by this advisory? */
export interface Query {
  readonly package: string;
  readonly version: string;
  readonly id: string;
  readonly affected: boolean;
}
interface Name {
  readonly name: string;
  readonly label: 'typosquat' | 'legitimate-near' | 'legitimate';
}

/** How well packages are judged. */
export interface PackageScore {
  readonly records: { readonly advisories: number; readonly malicious: number; readonly withdrawn: number };
  /** Shares of right answers. */
  readonly queries: { readonly affected: number; readonly notAffected: number };
  readonly wrong: readonly Query[];
  readonly squats: {
    readonly recall: number;
    readonly nearLegitimateFlagged: number;
    readonly legitimateFlagged: number;
  };
  readonly benignCalledMalicious: number;
  /** For measuring how fast questions are answered. */
  readonly index: AdvisoryIndex;
  readonly asked: readonly Query[];
}

/** Builds the data from the corpus and asks every labelled question. */
export async function scorePackages(): Promise<PackageScore> {
  await loadParser();
  const records = ['pypa-osv.tar.gz', 'malicious-osv.tar.gz'].flatMap((name) =>
    [...readTar(unpack(name))].map(({ content }) => JSON.parse(content.toString()) as unknown),
  );
  const kev = JSON.parse(unpack('kev-cve.json.gz').toString()) as { vulnerabilities: { cveID: string }[] };
  const { data, counts } = buildAdvisoryData({
    records,
    knownExploited: new Set(kev.vulnerabilities.map(({ cveID }) => cveID)),
    epss: new Map(),
    names: unpack('top-pypi-names.txt.gz').toString().split('\n'),
  });
  const index = new AdvisoryIndex(data);

  const asked = rows<Query>('queries.jsonl.gz');
  const wrong = asked.filter((query) => index.isAffected(query.package, query.version, query.id) !== query.affected);
  const shareRight = (affected: boolean) => {
    const all = asked.filter((query) => query.affected === affected).length;
    return 1 - wrong.filter((query) => query.affected === affected).length / all;
  };

  const names = rows<Name>('typosquat.jsonl.gz');
  const shareFlagged = (label: Name['label']) => {
    const ofLabel = names.filter((name) => name.label === label);
    return ofLabel.filter(({ name }) => index.squat(name) !== undefined).length / ofLabel.length;
  };

  return {
    records: counts,
    queries: { affected: shareRight(true), notAffected: shareRight(false) },
    wrong,
    squats: {
      recall: shareFlagged('typosquat'),
      nearLegitimateFlagged: shareFlagged('legitimate-near'),
      legitimateFlagged: shareFlagged('legitimate'),
    },
    benignCalledMalicious: readSastCorpus().benign.filter(({ source, file }) =>
      judgePackages(findPackages({ source, path: file }), index).some(({ kind }) => kind === 'malicious'),
    ).length,
    index,
    asked,
  };
}

function unpack(name: string): Buffer {
  return gunzipSync(readFileSync(join(CORPUS, 'advisories', name)));
}

function rows<T>(name: string): T[] {
  return unpack(name)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
