import { createHash } from 'node:crypto';
import type { Analysis, Capability, DataLabel, PackageUse, PackageVerdict, SourcePlace } from '@sentinel/protocol';
import { analysePython } from './analyse-python.ts';
import { readZip } from './archives/read-zip.ts';
import { leaveOutLongLines } from './long-lines.ts';
import { joinCells } from './notebooks/join-cells.ts';
import { readNotebook } from './notebooks/read-notebook.ts';
import { findPackages } from './packages/find-packages.ts';
import type { AddedRules } from './packs/added-rules.ts';
import { lineAt, loadParser, parsePython, type SyntaxTree } from './parse.ts';
import { NotText, readSource } from './read-source.ts';
import { type FindSecretsOptions, findSecrets, findWithValues } from './secrets/find-secrets.ts';
import { secretUses } from './secrets/secret-uses.ts';
import type { CallFact } from './semantics/facts.ts';
import { threadMs } from './thread-time.ts';
import { findWeaknesses } from './weaknesses/find-weaknesses.ts';

/** What is known of a source beside its bytes. */
export interface AnalyseOptions {
  /** Path as shown to people; its ending tells notebooks, archives, requirements and lock files. */
  readonly path: string;
  /** Top-level modules that lie beside the source or in its project. */
  readonly localModules?: ReadonlySet<string>;
  /** Minor release of Python 3 that runs it. */
  readonly pythonMinor?: number;
  /** Key of the secrets' fingerprints: the same key makes them comparable between sources. */
  readonly fingerprintKey?: Uint8Array | string;
  /** Rules that company packs add. */
  readonly added?: AddedRules | undefined;
  /** What is wrong with the distributions; without it no verdicts are given. */
  readonly judgePackages?: (packages: readonly PackageUse[]) => PackageVerdict[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function emptyAnalysis(path: string, bytes: Uint8Array): Mutable<Analysis> {
  return {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    language: 'python3',
    parse: 'clean',
    imports: [],
    capabilities: [],
    flows: [],
    hosts: [],
    secrets: [],
    weaknesses: [],
    packages: [],
    verdicts: [],
    unresolved: { calls: 0, reasons: [] },
    failures: [],
  };
}

/** One text to analyse: a file, a notebook's cells together, or a member of an archive. */
interface Part {
  readonly text: string;
  /** As written, where the text was changed for the parser. */
  readonly raw: string;
  readonly path: string;
  readonly placeOf: (line: number) => SourcePlace;
}

function plainPlace(line: number): SourcePlace {
  return { line, endLine: line };
}

/** Processor time after which no further part begins: what was found until then is told, and what was left out. */
const TIME_MS = 1_100;
/** Longest text that is looked at, in UTF-16 units; of a longer one the beginning. */
const MAX_UNITS = 400_000;

/** Runs a part of the analysis; its failure is stated, never lost and never spreads. */
function guarded(analysis: Analysis, part: string, work: () => void, deadlineMs = Infinity): void {
  if (deadlineMs !== Infinity && threadMs() > deadlineMs) {
    analysis.failures.push(`${part}: left out, the time for this source was used up`);
    return;
  }
  try {
    work();
  } catch (error) {
    const reason =
      error instanceof RangeError ? 'nesting too deep' : error instanceof Error ? error.message : 'unknown';
    analysis.failures.push(`${part}: ${reason}`);
  }
}

function movePlace<T extends { place?: SourcePlace | undefined }>(item: T, placeOf: Part['placeOf']): T {
  if (item.place === undefined) return item;
  const start = placeOf(item.place.line);
  const end = placeOf(item.place.endLine);
  return {
    ...item,
    place: { ...item.place, ...start, endLine: Math.max(start.line, end.cell === start.cell ? end.line : start.line) },
  };
}

function mergeCapabilities(into: Capability[], added: readonly Capability[]): void {
  for (const capability of added) {
    const known = into.find(({ id }) => id === capability.id);
    if (known === undefined) into.push(capability);
    else {
      known.evidence.push(...capability.evidence);
      known.detail = [...new Set([...known.detail, ...capability.detail])].sort();
    }
  }
  into.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function mergeLabels(known: readonly DataLabel[], added: readonly DataLabel[]): DataLabel[] {
  const byKind = new Map(known.map((label) => [label.kind, label]));
  for (const label of added) {
    const { names = [], evidence = [] } = byKind.get(label.kind) ?? {};
    byKind.set(label.kind, {
      kind: label.kind,
      names: union(names, label.names),
      evidence: [...evidence, ...label.evidence],
    });
  }
  return [...byKind.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

function union(a: readonly string[], b: Iterable<string>): string[] {
  return [...new Set([...a, ...b])].sort();
}

function analysePart(analysis: Mutable<Analysis>, part: Part, options: AnalyseOptions, deadlineMs: number): void {
  const { placeOf } = part;
  const text = withinReach(analysis, part.text);
  // All parts see the same text: the tree's places are places in it.
  const raw = text === part.text ? part.raw : text;
  let tree: SyntaxTree | undefined;
  guarded(analysis, 'parse', () => (tree = parsePython(text)));
  if (tree === undefined) analysis.parse = 'failed';
  const parsed = tree;
  let calls: { readonly facts: readonly CallFact[]; readonly placeOf: (call: CallFact) => SourcePlace } | undefined;
  const semantics = (): void => {
    const meaning = analysePython(text, placeOf, parsed);
    if (meaning.language === 'python2' && analysis.language === 'python3') analysis.language = 'python2';
    if (meaning.tree.hasErrors) analysis.parse = 'with-errors';
    analysis.imports = union(analysis.imports, meaning.imports);
    mergeCapabilities(analysis.capabilities, meaning.capabilities);
    analysis.flows.push(...meaning.flows);
    if (meaning.dataLabels.length > 0) analysis.dataLabels = mergeLabels(analysis.dataLabels ?? [], meaning.dataLabels);
    analysis.hosts = union(analysis.hosts, meaning.hosts);
    analysis.unresolved = {
      calls: analysis.unresolved.calls + meaning.facts.unresolvedCalls,
      reasons: union(analysis.unresolved.reasons, meaning.facts.unresolvedReasons),
    };
    const { lineStarts } = meaning.tree;
    calls = {
      facts: meaning.facts.calls,
      placeOf: ({ node }) => {
        const start = placeOf(lineAt(lineStarts, node.start));
        const end = placeOf(lineAt(lineStarts, Math.max(node.start, node.end - 1)));
        return { ...start, endLine: end.cell === start.cell ? Math.max(start.line, end.line) : start.line };
      },
    };
    const added = options.added?.findCalls(meaning.facts, (offset) => placeOf(lineAt(lineStarts, offset)));
    analysis.weaknesses.push(...(added ?? []));
  };
  if (parsed !== undefined) guarded(analysis, 'semantics', semantics);
  const known = parsed === undefined ? {} : { tree: parsed };
  const secrets = (): void => {
    const found = findWithValues(raw, { kind: 'python', ...secretOptions(options) });
    const values = found.map(({ value }) => value);
    const uses = calls === undefined || values.length === 0 ? [] : secretUses(calls.facts, values, calls.placeOf);
    for (const [index, { found: secret }] of found.entries()) {
      const of = uses[index] ?? [];
      analysis.secrets.push({ ...movePlace(secret, placeOf), ...(of.length === 0 ? {} : { uses: of }) });
    }
  };
  const packages = (): void => {
    const found = findPackages({
      source: raw,
      path: part.path,
      ...known,
      ...(options.localModules === undefined ? {} : { localModules: options.localModules }),
      ...(options.pythonMinor === undefined ? {} : { pythonMinor: options.pythonMinor }),
    });
    analysis.packages.push(...found.map((one) => movePlace(one, placeOf)));
  };
  const weaknesses = (): void => {
    const { weaknesses, failures } = findWeaknesses(text, { tree: parsed ?? 'none' });
    analysis.weaknesses.push(...weaknesses.map((found) => movePlace(found, placeOf)));
    analysis.failures.push(...failures);
  };
  guarded(analysis, 'packages', packages, deadlineMs);
  guarded(analysis, 'secrets', secrets, deadlineMs);
  guarded(analysis, 'weaknesses', weaknesses, deadlineMs);
}

/** The text without what is too long to read; what was left out is said. */
function withinReach(analysis: Mutable<Analysis>, whole: string): string {
  const text = leaveOutLongLines(whole);
  const reasons: string[] = [];
  if (text !== whole) reasons.push('lines too long to read were left out');
  const isLong = text.length > MAX_UNITS;
  if (isLong) reasons.push('the source is too long to read whole');
  if (reasons.length > 0)
    analysis.unresolved = { ...analysis.unresolved, reasons: union(analysis.unresolved.reasons, reasons) };
  if (!isLong) return text;
  analysis.failures.push(`analysis: only the first ${MAX_UNITS} characters were read`);
  return text.slice(0, text.lastIndexOf('\n', MAX_UNITS - 1) + 1 || MAX_UNITS);
}

function secretOptions({ fingerprintKey, added }: AnalyseOptions): Omit<FindSecretsOptions, 'kind'> {
  return {
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
    ...(added?.formats === undefined ? {} : { formats: added.formats }),
  };
}

/** Files that hold no Python but name packages or secrets. */
function isSideFile(path: string): boolean {
  return (
    !/\.(?:pyw?|py3|ipynb|pyz|zip|whl|pyi)$/i.test(path) &&
    /\.[A-Za-z0-9]{1,10}$|(?:^|\/)(?:Pipfile|Dockerfile)$/.test(path)
  );
}

function analyseArchive(
  analysis: Mutable<Analysis>,
  bytes: Uint8Array,
  options: AnalyseOptions,
  deadlineMs: number,
): void {
  analysis.language = 'archive';
  const isPython = (path: string): boolean => /\.pyw?$/i.test(path);
  const zip = readZip(bytes, isPython);
  if (zip === undefined) {
    analysis.parse = 'failed';
    analysis.failures.push('archive: no directory of members');
    return;
  }
  analysis.failures.push(...zip.skipped.map((reason) => `archive member ${reason}`));
  // A package of the archive is no distribution that it needs.
  const own = new Set(options.localModules ?? []);
  for (const { path } of zip.members) own.add((path.split('/')[0] ?? path).replace(/\.pyw?$/i, ''));
  for (const member of zip.members) {
    const work = (): void => {
      const { text } = readSource(member.bytes);
      const placeOf = (line: number): SourcePlace => ({ line, endLine: line, member: member.path });
      const part = { text, raw: text, path: member.path, placeOf };
      analysePart(analysis, part, { ...options, localModules: own }, deadlineMs);
    };
    guarded(analysis, member.path, work, deadlineMs);
  }
}

function analyseNotebook(
  analysis: Mutable<Analysis>,
  source: string,
  options: AnalyseOptions,
  deadlineMs: number,
): boolean {
  const notebook = readNotebook(source);
  if (notebook === undefined) return false;
  analysis.language = 'notebook';
  if (!/^(?:python|ipython|py)/.test(notebook.language)) {
    analysis.failures.push(`notebook: its language is ${notebook.language.slice(0, 40)}`);
    return true;
  }
  const { text, raw, placeOf } = joinCells(notebook);
  analysePart(analysis, { text, raw, path: options.path, placeOf }, options, deadlineMs);
  return true;
}

function analyseSideFile(analysis: Mutable<Analysis>, source: string, options: AnalyseOptions): void {
  analysis.language = 'not-python';
  guarded(analysis, 'secrets', () => {
    analysis.secrets.push(...findSecrets(source, { kind: 'text', ...secretOptions(options) }));
  });
  guarded(analysis, 'packages', () => void analysis.packages.push(...findPackages({ source, path: options.path })));
}

/** Awaited once before `analyseLoaded`. */
export async function loadAnalyser(): Promise<void> {
  await loadParser();
}

/**
 * All that can be said of a source without running it. Never throws: what could not be done stands in `failures`.
 * `loadAnalyser` must have been awaited before.
 */
export function analyseLoaded(bytes: Uint8Array, options: AnalyseOptions): Analysis {
  const deadlineMs = threadMs() + TIME_MS;
  const analysis = emptyAnalysis(options.path, bytes);
  guarded(analysis, 'analysis', () => {
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
    if (isZip || /\.pyzw?$/i.test(options.path)) {
      analyseArchive(analysis, bytes, options, deadlineMs);
      return;
    }
    let source: string;
    try {
      source = readSource(bytes).text;
    } catch (error) {
      if (!(error instanceof NotText)) throw error;
      analysis.language = 'not-python';
      analysis.parse = 'failed';
      analysis.failures.push(`read: ${error.message}`);
      return;
    }
    if (/\.ipynb$/i.test(options.path)) {
      if (analyseNotebook(analysis, source, options, deadlineMs)) return;
      analysis.language = 'notebook';
      analysis.parse = 'failed';
      analysis.failures.push('notebook: not readable as a notebook');
      return;
    }
    if (isSideFile(options.path)) analyseSideFile(analysis, source, options);
    else {
      const part = { text: source, raw: source, path: options.path, placeOf: plainPlace };
      analysePart(analysis, part, options, deadlineMs);
    }
  });
  const { judgePackages } = options;
  if (judgePackages !== undefined) {
    guarded(analysis, 'verdicts', () => void analysis.verdicts.push(...judgePackages(analysis.packages)));
  }
  return analysis;
}

/** Loads what is needed, then analyses; see `analyseLoaded`. */
export async function analyse(bytes: Uint8Array, options: AnalyseOptions): Promise<Analysis> {
  await loadAnalyser();
  return analyseLoaded(bytes, options);
}
