import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Confidence, Flow } from '@sentinel/protocol';
import { analysePython, type PythonMeaning, usesExternalNetwork } from '../src/analyse-python.ts';
import { loadParser } from '../src/parse.ts';
import { normaliseLines } from '../src/read-source.ts';
import { CORPUS, isCorpusHere } from './corpus.ts';
import { ERROR_KINDS, injectError } from './inject-error.ts';

/** Where the labelled scripts lie: beside the repository. */
const SCRIPTS = pathToFileURL(join(CORPUS, 'scripts/'));

interface Label {
  readonly id: string;
  readonly path: string;
  readonly parse: string;
  readonly imports: readonly string[];
  readonly capabilities: readonly string[];
  readonly external_network: boolean;
  readonly hosts: readonly string[];
  readonly flows: readonly {
    readonly source: string;
    readonly sink: string;
    readonly source_line: number | null;
    readonly sink_line: number | null;
    readonly note: string;
  }[];
}

interface Script {
  readonly label: Label;
  readonly text: string;
}

const READINGS = JSON.parse(readFileSync(new URL('flow-readings.json', import.meta.url), 'utf8')) as {
  real: string[];
  wrong: { flow: string }[];
};
const REAL_FLOWS = new Set(READINGS.real);
const WRONG_FLOWS = new Set(READINGS.wrong.map(({ flow }) => flow));
const SURENESS = { high: 2, medium: 1, low: 0 };

/** Right, wrong and missed. */
class Score {
  hits = 0;
  extras: string[] = [];
  misses: string[] = [];

  compare(id: string, wanted: readonly string[], found: readonly string[]): void {
    for (const name of found) {
      if (wanted.includes(name)) this.hits += 1;
      else this.extras.push(`${id} ${name}`);
    }
    for (const name of wanted) if (!found.includes(name)) this.misses.push(`${id} ${name}`);
  }

  get precision(): number {
    return this.hits / Math.max(1, this.hits + this.extras.length);
  }

  get recall(): number {
    return this.hits / Math.max(1, this.hits + this.misses.length);
  }
}

/** Kinds of labels that one kind of ours answers: labels name the family, ours the closest kind. */
function sameKind(label: string, kind: string): boolean {
  if (label.split('/').includes(kind)) return true;
  if (label === 'csv/dataframe') return kind === 'files.read';
  return false;
}

function readScripts(): Script[] {
  const labels = JSON.parse(readFileSync(new URL('labels.json', SCRIPTS), 'utf8')) as Label[];
  const rows = gunzipSync(readFileSync(new URL('scripts.jsonl.gz', SCRIPTS)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; text: string });
  const texts = new Map(rows.map((row) => [row.id, normaliseLines(row.text)]));
  return labels.map((label) => ({ label, text: texts.get(label.id) ?? '' }));
}

/** Share of the capability findings (script and name) that survive each kind of injected error. */
function measureBreakage(
  scripts: readonly Script[],
  whole: ReadonlyMap<string, PythonMeaning>,
): Record<string, number> {
  const kept: Record<string, number> = {};
  for (const kind of ERROR_KINDS) {
    let wanted = 0;
    let found = 0;
    scripts.forEach(({ label, text }, at) => {
      for (const seed of [3 * at + 1, 3 * at + 2, 3 * at + 3]) {
        const broken = injectError(text, kind, seed);
        if (broken === undefined) continue;
        const after = new Set(analysePython(broken.source).capabilities.map(({ id }) => id));
        for (const { id, evidence } of whole.get(label.id)?.capabilities ?? []) {
          // A capability that only showed in what is gone cannot be kept.
          if (!evidence.some(({ line }) => broken.lineNow(line) !== undefined)) continue;
          wanted += 1;
          if (after.has(id)) found += 1;
        }
      }
    });
    kept[kind] = found / Math.max(1, wanted);
  }
  return kept;
}

/** Figures over the labelled scripts; shares between 0 and 1. */
export interface ScriptFigures {
  readonly scripts: number;
  readonly capabilities: { readonly precision: number; readonly recall: number; readonly allRight: number };
  readonly errors: readonly string[];
  readonly externalNetwork: { readonly accuracy: number };
  readonly hosts: { readonly precision: number; readonly recall: number };
  readonly flows: {
    readonly recall: number;
    /** Share of all pairs of source and sink that are labelled or were read as real. */
    readonly precision: number;
    readonly extraPairs: number;
    readonly extrasReal: number;
    readonly extrasUnread: readonly string[];
    readonly misses: readonly string[];
    readonly tiers: Readonly<Record<Confidence, { readonly pairs: number; readonly real: number }>>;
  };
  readonly keptWithErrors: Readonly<Record<string, number>>;
}

/** The figures over the labelled scripts; undefined where the corpus is absent. */
export async function evaluateScripts(): Promise<ScriptFigures | undefined> {
  if (!isCorpusHere) return undefined;
  await loadParser();
  const scripts = readScripts();
  const whole = new Map(scripts.map(({ label, text }) => [label.id, analysePython(text)]));
  const capabilities = new Score();
  const hosts = new Score();
  const imports = new Score();
  let allRight = 0;
  const networkWrong: string[] = [];
  const flowMisses: string[] = [];
  const flowExtras: { flow: string; isRead: boolean; isReal: boolean; confidence: Confidence }[] = [];
  const tiers = { high: { pairs: 0, real: 0 }, medium: { pairs: 0, real: 0 }, low: { pairs: 0, real: 0 } };
  let flowsFound = 0;
  let flowsWanted = 0;
  let linesRight = 0;
  let linesWanted = 0;
  for (const { label } of scripts) {
    const meaning = whole.get(label.id);
    if (meaning === undefined) continue;
    const found = meaning.capabilities.map(({ id }) => id);
    capabilities.compare(label.id, label.capabilities, found);
    if ([...label.capabilities].sort().join() === found.join()) allRight += 1;
    hosts.compare(label.id, label.hosts, meaning.hosts);
    if (label.parse === 'ok') imports.compare(label.id, label.imports, meaning.imports);
    if (usesExternalNetwork(meaning.capabilities) !== label.external_network) networkWrong.push(label.id);
    const answered = new Set<string>();
    for (const flow of label.flows) {
      flowsWanted += 1;
      const fits = meaning.flows.filter(
        (own) => sameKind(flow.source, own.source.kind) && sameKind(flow.sink, own.sink.kind),
      );
      if (fits.length === 0)
        flowMisses.push(`${label.id} ${flow.source} -> ${flow.sink} (${flow.source_line} -> ${flow.sink_line})`);
      else flowsFound += 1;
      if (flow.sink_line !== null && fits.length > 0) {
        linesWanted += 1;
        if (fits.some((own) => Math.abs(own.sink.place.line - (flow.sink_line ?? 0)) <= 3)) linesRight += 1;
      }
      for (const own of fits) answered.add(`${own.source.kind}>${own.sink.kind}`);
    }
    const pairs = new Map<string, Flow>();
    for (const own of meaning.flows) {
      const pair = `${own.source.kind}>${own.sink.kind}`;
      const known = pairs.get(pair);
      if (known === undefined || SURENESS[own.confidence] > SURENESS[known.confidence]) pairs.set(pair, own);
    }
    for (const [pair, own] of pairs) {
      const key = `${label.id} ${own.source.kind} > ${own.sink.kind}`;
      const isReal = answered.has(pair) || REAL_FLOWS.has(key);
      const tier = tiers[own.confidence];
      tier.pairs += 1;
      if (isReal) tier.real += 1;
      if (answered.has(pair)) continue;
      flowExtras.push({
        flow: key,
        isRead: REAL_FLOWS.has(key) || WRONG_FLOWS.has(key),
        isReal,
        confidence: own.confidence,
      });
    }
  }
  const all = { pairs: 0, real: 0 };
  for (const tier of Object.values(tiers)) {
    all.pairs += tier.pairs;
    all.real += tier.real;
  }
  const figures = {
    scripts: scripts.length,
    capabilities: {
      precision: capabilities.precision,
      recall: capabilities.recall,
      allRight: allRight / scripts.length,
      extras: capabilities.extras,
      misses: capabilities.misses,
    },
    externalNetwork: { accuracy: 1 - networkWrong.length / scripts.length, wrong: networkWrong },
    hosts: { precision: hosts.precision, recall: hosts.recall, extras: hosts.extras, misses: hosts.misses },
    imports: { precision: imports.precision, recall: imports.recall, extras: imports.extras, misses: imports.misses },
    flows: {
      recall: flowsFound / flowsWanted,
      found: flowsFound,
      wanted: flowsWanted,
      sinkLinesRight: `${linesRight} of ${linesWanted}`,
      misses: flowMisses,
      extraPairs: flowExtras.length,
      extrasReal: flowExtras.filter(({ isReal }) => isReal).length,
      extrasUnread: flowExtras.filter(({ isRead }) => !isRead).map(({ flow }) => flow),
      precision: all.real / Math.max(1, all.pairs),
      tiers,
    },
    keptWithErrors: measureBreakage(scripts, whole),
    errors: [
      ...capabilities.extras.map((row) => `capability extra: ${row}`),
      ...capabilities.misses.map((row) => `capability missed: ${row}`),
      ...hosts.extras.map((row) => `host extra: ${row}`),
      ...networkWrong.map((row) => `external network wrong: ${row}`),
      ...flowMisses.map((row) => `flow missed: ${row}`),
      ...flowExtras
        .filter(({ isReal }) => !isReal)
        .map((row) => `flow extra: ${row.flow} (${row.confidence}, ${row.isRead ? 'read' : 'not read'})`),
    ],
  };
  return figures;
}
