import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { analysePython, type PythonMeaning, usesExternalNetwork } from '../src/analyse-python.ts';
import { loadParser, parsePython } from '../src/parse.ts';
import { normaliseLines } from '../src/read-source.ts';
import { ERROR_KINDS, injectError } from './inject-error.ts';

/** Where the labelled scripts lie: beside the repository. */
const CORPUS = new URL('../../../../shared/corpus/scripts/', import.meta.url);

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
  const labels = JSON.parse(readFileSync(new URL('labels.json', CORPUS), 'utf8')) as Label[];
  const rows = gunzipSync(readFileSync(new URL('scripts.jsonl.gz', CORPUS)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; text: string });
  const texts = new Map(rows.map((row) => [row.id, normaliseLines(row.text)]));
  return labels.map((label) => ({ label, text: texts.get(label.id) ?? '' }));
}

/** Milliseconds of processor time of this thread: what other programs do meanwhile counts little. */
function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

function measureSpeed(texts: readonly string[]): object {
  let parseMs = Infinity;
  let allMs = Infinity;
  for (let round = 0; round < 8; round += 1) {
    parseMs = Math.min(
      parseMs,
      cpuMs(() => texts.forEach((text) => parsePython(text))),
    );
    allMs = Math.min(
      allMs,
      cpuMs(() => texts.forEach((text) => analysePython(text))),
    );
  }
  const scripts = texts.reduce((sum, text) => sum + text.length, 0) / 2_048;
  return {
    timesParsing: allMs / parseMs,
    scriptsOf2KilobytesPerSecond: Math.round((scripts / allMs) * 1_000),
    parsedOf2KilobytesPerSecond: Math.round((scripts / parseMs) * 1_000),
  };
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
  readonly capabilities: { readonly precision: number; readonly recall: number };
  readonly externalNetwork: { readonly accuracy: number };
  readonly hosts: { readonly precision: number; readonly recall: number };
  readonly flows: { readonly recall: number };
  readonly keptWithErrors: Readonly<Record<string, number>>;
}

/** The figures over the labelled scripts; undefined where the corpus is absent. */
export async function evaluateScripts(options: { withSpeed?: boolean } = {}): Promise<ScriptFigures | undefined> {
  if (!existsSync(CORPUS)) return undefined;
  await loadParser();
  const scripts = readScripts();
  const whole = new Map(scripts.map(({ label, text }) => [label.id, analysePython(text)]));
  const capabilities = new Score();
  const hosts = new Score();
  const imports = new Score();
  let allRight = 0;
  const networkWrong: string[] = [];
  const flowMisses: string[] = [];
  const flowExtras: object[] = [];
  let flowsFound = 0;
  let flowsWanted = 0;
  let linesRight = 0;
  let linesWanted = 0;
  for (const { label, text } of scripts) {
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
    const lines = text.split('\n');
    const seen = new Set<string>();
    for (const own of meaning.flows) {
      const pair = `${own.source.kind}>${own.sink.kind}`;
      if (answered.has(pair) || seen.has(pair)) continue;
      seen.add(pair);
      flowExtras.push({
        id: label.id,
        flow: `${own.source.kind} -> ${own.sink.kind} (${own.reach})`,
        from: `${own.source.place.line}: ${(lines[own.source.place.line - 1] ?? '').trim().slice(0, 110)}`,
        to: `${own.sink.place.line}: ${(lines[own.sink.place.line - 1] ?? '').trim().slice(0, 110)}`,
      });
    }
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
      ...(process.argv.includes('--extras') ? { extras: flowExtras } : {}),
    },
    keptWithErrors: measureBreakage(scripts, whole),
    ...(options.withSpeed === true ? { speed: measureSpeed(scripts.map(({ text }) => text)) } : {}),
  };
  return figures;
}

if (import.meta.main) {
  const result = await evaluateScripts({ withSpeed: true });
  if (result === undefined) {
    process.stderr.write('The labelled corpus is not here (../shared/corpus beside the repository).\n');
    process.exitCode = 2;
  } else if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const [part, value] of Object.entries(result)) {
      process.stdout.write(
        `${part.padEnd(16)} ${typeof value === 'number' ? value : JSON.stringify(value, roundNumber, 1).replaceAll('\n', '\n                 ')}\n`,
      );
    }
  }
}

function roundNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
