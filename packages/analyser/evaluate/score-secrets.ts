import { readTar } from '../src/advisories/read-tar.ts';
import { findSecrets } from '../src/secrets/find-secrets.ts';
import { readCorpus, readRows } from './corpus.ts';
import { isRefusedSnippet } from './refused-labels.ts';

interface Label {
  readonly file: string;
  readonly line_start: number;
  readonly line_end: number;
  readonly label: 'true' | 'false' | 'placeholder';
  readonly credential: boolean;
  readonly category: string;
}
/** A test case of a rule's author. */
export interface Snippet {
  readonly rule: string;
  readonly label: boolean;
  readonly text: string;
}
/** A finding of any engine. */
export interface SecretHit {
  readonly line: number;
  readonly endLine: number;
  readonly isHigh: boolean;
}
/** How well an engine meets the labelled lines. */
export interface LineScore {
  readonly recall: number;
  readonly precision: number;
  readonly hits: number;
  readonly truths: number;
  readonly falseAlarms: number;
  /** Findings on lines without a label. */
  readonly unlabelled: number;
}
/** How well an engine meets the snippets. */
export interface SnippetScore {
  readonly recall: number;
  readonly falseRate: number;
  /** Cases that were scored. */
  readonly trueCases: number;
  readonly falseCases: number;
}

/** The labelled files and snippets. */
export interface SecretsCorpus {
  readonly files: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, readonly Label[]>;
  readonly snippets: readonly Snippet[];
}

type ShowError = (line: string) => void;

/** Reads the set. */
export function readSecretsCorpus(): SecretsCorpus {
  const labels = new Map<string, Label[]>();
  for (const label of readRows<Label>('secrets/creddata-labels.jsonl.gz')) {
    if (label.credential) labels.set(label.file, [...(labels.get(label.file) ?? []), label]);
  }
  const files = new Map<string, string>();
  for (const { name, content } of readTar(readCorpus('secrets/creddata-files.tar.gz'))) {
    const file = name.replace(/^\.\//, '');
    if (labels.has(file)) files.set(file, content.toString('utf8'));
  }
  return { files, labels, snippets: readRows<Snippet>('secrets/snippets.jsonl.gz') };
}

/** What Sentinel finds above the info tier. */
export function findOwnSecrets(text: string, kind: 'python' | 'text'): SecretHit[] {
  return findSecrets(text, { kind })
    .filter(({ tier }) => tier !== 'info')
    .map(({ place, tier }) => ({ line: place.line, endLine: place.endLine, isHigh: tier === 'high' }));
}

/** What Sentinel finds in every file of the set. */
export function findOwnInFiles({ files }: SecretsCorpus): Map<string, SecretHit[]> {
  return new Map([...files].map(([file, text]) => [file, findOwnSecrets(text, isPython(file) ? 'python' : 'text')]));
}

/** Whether a file of the set is Python. */
export function isPython(file: string): boolean {
  return file.endsWith('.py');
}

/**
 * By line, as the corpus says: a hit is a finding on a labelled line; findings on lines labelled false or placeholder are
 * false alarms; findings on lines without a label are counted apart.
 */
export function scoreLines(
  corpus: SecretsCorpus,
  found: ReadonlyMap<string, readonly SecretHit[]>,
  isWanted: (file: string) => boolean,
  showError?: ShowError,
): LineScore {
  const truths = new Set<string>();
  const met = new Set<string>();
  const alarms = new Set<string>();
  let unlabelled = 0;
  for (const [file, rows] of corpus.labels) {
    if (!isWanted(file)) continue;
    const hits = found.get(file) ?? [];
    const lines = corpus.files.get(file)?.split('\n') ?? [];
    const trueLines = new Set(rows.filter(({ label }) => label === 'true').map(({ line_start: line }) => line));
    for (const row of rows) {
      const place = `${file}:${row.line_start}`;
      const isFound = hits.some((hit) => covers(hit, row));
      const isTrue = row.label === 'true';
      if (isTrue) truths.add(place);
      if (isTrue && isFound) met.add(place);
      if (!isTrue && isFound && !trueLines.has(row.line_start)) alarms.add(place);
      if (isFound !== isTrue && !(isFound && trueLines.has(row.line_start)))
        showError?.(
          `${isTrue ? 'missed' : row.label}\t${row.category}\t${place}\t${(lines[row.line_start - 1] ?? '').trim().slice(0, 120)}`,
        );
    }
    unlabelled += hits.filter(
      (hit) => !rows.some((row) => hit.line <= row.line_end && hit.endLine >= row.line_start),
    ).length;
  }
  return {
    recall: met.size / truths.size,
    precision: met.size / Math.max(1, met.size + alarms.size),
    hits: met.size,
    truths: truths.size,
    falseAlarms: alarms.size,
    unlabelled,
  };
}

function covers(hit: SecretHit, row: Label): boolean {
  const isCommon = hit.line <= row.line_end && hit.endLine >= row.line_start;
  return isCommon && (hit.line >= row.line_start || hit.endLine === hit.line || row.line_end > row.line_start);
}

/** Share of the true cases in which something is found, and of the false ones; all of them, or without refused labels. */
export function scoreSnippets(
  { snippets }: SecretsCorpus,
  isHit: (snippet: Snippet, at: number) => boolean,
  options: { readonly withoutRefused?: boolean; readonly showError?: ShowError } = {},
): SnippetScore {
  const count = { true: 0, false: 0 };
  const hit = { true: 0, false: 0 };
  for (const [at, snippet] of snippets.entries()) {
    const isFound = isHit(snippet, at);
    if (options.withoutRefused === true && isRefusedSnippet(snippet)) continue;
    const label = snippet.label ? 'true' : 'false';
    count[label] += 1;
    if (isFound) hit[label] += 1;
    if (isFound !== snippet.label)
      options.showError?.(
        `snippet ${snippet.label ? 'missed' : 'false'}\t${snippet.rule}\t${snippet.text.slice(0, 150).replaceAll('\n', '⏎')}`,
      );
  }
  return {
    recall: hit.true / count.true,
    falseRate: hit.false / count.false,
    trueCases: count.true,
    falseCases: count.false,
  };
}

/** Secret lines of the labelled scripts by class: literal credentials, weak ones, placeholders. */
export function scoreScriptSecrets(showError?: ShowError): Record<'T' | 'W' | 'X', { found: number; all: number }> & {
  unlabelled: number;
} {
  const score = { T: { found: 0, all: 0 }, W: { found: 0, all: 0 }, X: { found: 0, all: 0 }, unlabelled: 0 };
  const labels = JSON.parse(readCorpus('scripts/labels.json').toString('utf8')) as {
    id: string;
    secrets?: { line: number; cls: 'T' | 'W' | 'X' }[];
  }[];
  const rowsOf = new Map(labels.map(({ id, secrets }) => [id, secrets ?? []]));
  for (const { id, text } of readRows<{ id: string; text: string }>('scripts/scripts.jsonl.gz')) {
    const found = findOwnSecrets(text, 'python');
    const rows = rowsOf.get(id) ?? [];
    for (const { line, cls } of rows) {
      const isFound = found.some((hit) => hit.line === line);
      score[cls].all += 1;
      if (isFound) score[cls].found += 1;
      if (isFound === (cls === 'X')) showError?.(`script ${cls}\t${id}:${line}`);
    }
    score.unlabelled += found.filter((hit) => !rows.some(({ line }) => line === hit.line)).length;
  }
  return score;
}
