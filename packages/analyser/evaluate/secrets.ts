/**
 * Scores the secrets engine on the labelled corpus and prints the table.
 *
 *     node packages/analyser/evaluate/secrets.ts [--json] [--peers] [--errors] [--corpus DIR]
 *
 * By line, as the corpus says: a hit is a finding above the info tier on a labelled line; findings on lines
 * labelled false or placeholder are false alarms; findings on lines without a label are counted apart.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { findSecrets } from '../src/secrets/find-secrets.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    errors: { type: 'boolean', default: false },
    corpus: { type: 'string' },
  },
});
const CORPUS = flags.corpus ?? join(import.meta.dirname, '../../../../shared/corpus');

interface Label {
  readonly file: string;
  readonly line_start: number;
  readonly line_end: number;
  readonly label: 'true' | 'false' | 'placeholder';
  readonly credential: boolean;
  readonly category: string;
}
interface Snippet {
  readonly source: string;
  readonly rule: string;
  readonly label: boolean;
  readonly text: string;
}
interface Hit {
  readonly line: number;
  readonly endLine: number;
  readonly isHigh: boolean;
}
interface Score {
  recall: number;
  precision: number;
  unlabelled: number;
  hits: number;
  truths: number;
  falseAlarms: number;
}

if (!existsSync(CORPUS)) {
  console.error(`No corpus at ${CORPUS}; give its folder with --corpus.`);
  process.exit(2);
}

function readLines<Row>(path: string): Row[] {
  const text = gunzipSync(readFileSync(join(CORPUS, path))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
execFileSync('tar', ['-xzf', join(CORPUS, 'secrets/creddata-files.tar.gz'), '-C', folder]);
const labels = readLines<Label>('secrets/creddata-labels.jsonl.gz').filter(({ credential }) => credential);
const files = [...new Set(labels.map(({ file }) => file))].sort();
const isPython = (file: string): boolean => file.endsWith('.py');
const isHighTier = ({ isHigh }: Hit): boolean => isHigh;

function scoreFiles(
  hitsOf: (file: string) => readonly Hit[],
  wanted: (file: string) => boolean,
  isErrorShown = false,
): Score {
  const truths = new Set<string>();
  const hitTruths = new Set<string>();
  const alarms = new Set<string>();
  let unlabelled = 0;
  for (const file of files.filter(wanted)) {
    const rows = labels.filter((row) => row.file === file);
    const hits = hitsOf(file);
    const covers = (row: Label) =>
      hits.some(
        (hit) =>
          hit.line <= row.line_end &&
          hit.endLine >= row.line_start &&
          (hit.line >= row.line_start || hit.endLine === hit.line || row.line_end > row.line_start),
      );
    const trueLines = new Set<number>();
    for (const row of rows.filter(({ label }) => label === 'true')) {
      truths.add(`${file}:${row.line_start}`);
      trueLines.add(row.line_start);
      if (covers(row)) hitTruths.add(`${file}:${row.line_start}`);
      else if (isErrorShown) showError('missed', file, row);
    }
    for (const row of rows.filter(({ label }) => label !== 'true')) {
      if (trueLines.has(row.line_start) || !covers(row)) continue;
      if (isErrorShown && !alarms.has(`${file}:${row.line_start}`)) showError(row.label, file, row);
      alarms.add(`${file}:${row.line_start}`);
    }
    unlabelled += hits.filter(
      (hit) => !labels.some((row) => row.file === file && hit.line <= row.line_end && hit.endLine >= row.line_start),
    ).length;
  }
  const hits = hitTruths.size;
  return {
    recall: hits / truths.size,
    precision: hits / Math.max(1, hits + alarms.size),
    unlabelled,
    hits,
    truths: truths.size,
    falseAlarms: alarms.size,
  };
}

function showError(kind: string, file: string, row: Label): void {
  const line = readFileSync(join(folder, file), 'utf8').split('\n')[row.line_start - 1] ?? '';
  console.log(`${kind}\t${row.category}\t${file}:${row.line_start}\t${line.trim().slice(0, 150)}`);
}

const ours = new Map<string, Hit[]>();
for (const file of files) {
  const source = readFileSync(join(folder, file), 'utf8');
  ours.set(
    file,
    findSecrets(source, { kind: isPython(file) ? 'python' : 'text' })
      .filter(({ tier }) => tier !== 'info')
      .map(({ place, tier }) => ({ line: place.line, endLine: place.endLine, isHigh: tier === 'high' })),
  );
}
const oursOf = (file: string): Hit[] => ours.get(file) ?? [];
const python = scoreFiles(oursOf, isPython, flags.errors);
const pythonHigh = scoreFiles((file) => oursOf(file).filter(isHighTier), isPython);
const others = scoreFiles(oursOf, (file) => !isPython(file), flags.errors);

const snippets = readLines<Snippet>('secrets/snippets.jsonl.gz');
const snippetHits = snippets.map(({ text }) => findSecrets(text, { kind: 'text' }).some(({ tier }) => tier !== 'info'));
const trueSnippets = snippets.filter(({ label }) => label).length;
const snippetRecall = snippets.filter(({ label }, index) => label && snippetHits[index]).length / trueSnippets;
const falseRate =
  snippets.filter(({ label }, index) => !label && snippetHits[index]).length / (snippets.length - trueSnippets);
if (flags.errors) {
  for (const [index, { label, rule, text }] of snippets.entries()) {
    if (label !== snippetHits[index])
      console.log(`snippet ${label ? 'missed' : 'false'}\t${rule}\t${text.slice(0, 150).replaceAll('\n', '⏎')}`);
  }
}

interface ScriptLabels {
  readonly id: string;
  readonly secrets?: readonly { readonly line: number; readonly cls: 'T' | 'W' | 'X' }[];
}
const scripts = readLines<{ id: string; text: string }>('scripts/scripts.jsonl.gz');
const scriptLabels = JSON.parse(readFileSync(join(CORPUS, 'scripts/labels.json'), 'utf8')) as ScriptLabels[];
const byClass: Record<'T' | 'W' | 'X', { found: number; all: number }> = {
  T: { found: 0, all: 0 },
  W: { found: 0, all: 0 },
  X: { found: 0, all: 0 },
};
let scriptsUnlabelled = 0;
for (const { id, text } of scripts) {
  const found = findSecrets(text, { kind: 'python' }).filter(({ tier }) => tier !== 'info');
  const rows = scriptLabels.find((row) => row.id === id)?.secrets ?? [];
  for (const { line, cls } of rows) {
    const isHit = found.some(({ place }) => place.line === line);
    byClass[cls].all += 1;
    if (isHit) byClass[cls].found += 1;
    if (flags.errors && isHit === (cls === 'X'))
      console.log(`script ${cls}\t${id}:${line}\t${text.split('\n')[line - 1]?.trim().slice(0, 150)}`);
  }
  const extra = found.filter(({ place }) => !rows.some(({ line }) => line === place.line));
  scriptsUnlabelled += extra.length;
  if (flags.errors)
    for (const { place, ruleId } of extra)
      console.log(
        `script extra\t${ruleId}\t${id}:${place.line}\t${text.split('\n')[place.line - 1]?.trim().slice(0, 150)}`,
      );
}

const speed = await measureSpeed();

/** Speed on the scripts, and as a ratio to parsing them with tree-sitter. */
async function measureSpeed() {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  const language = await Language.load(
    join(import.meta.dirname, '../../../node_modules/tree-sitter-python/tree-sitter-python.wasm'),
  );
  const parser = new Parser().setLanguage(language);
  const sources = scripts.map(({ text }) => text);
  const bytes = sources.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const time = (work: (text: string) => void): number => {
    for (const text of sources) work(text);
    const start = performance.now();
    for (let round = 0; round < 3; round += 1) for (const text of sources) work(text);
    return (performance.now() - start) / 3 / 1000;
  };
  const secretsSeconds = time((text) => findSecrets(text, { kind: 'python' }));
  const parsingSeconds = time((text) => parser.parse(text)?.delete());
  const meanBytes = bytes / sources.length;
  return {
    scriptsOf2KbPerSecond: Math.round(bytes / 2048 / secretsSeconds),
    megabytesPerSecond: bytes / 1e6 / secretsSeconds,
    ratioToParsing: secretsSeconds / parsingSeconds,
    meanBytes: Math.round(meanBytes),
  };
}

const peers = flags.peers ? runPeers() : {};

/** The same scoring for engines of others; each is left out where it does not install. */
function runPeers(): Record<string, Score> {
  const results: Record<string, Score> = {};
  const scored = (name: string, read: () => Map<string, Hit[]>): void => {
    try {
      const hits = read();
      results[name] = scoreFiles((file) => hits.get(file) ?? [], isPython);
      if (name === 'detect-secrets')
        results[`${name}, other files`] = scoreFiles(
          (file) => hits.get(file) ?? [],
          (file) => !isPython(file),
        );
    } catch (error) {
      console.error(`${name} left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  };
  const tools = join(folder, 'peers');
  const run = (file: string, args: readonly string[]): string => {
    try {
      return execFileSync(file, args, {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    } catch (error) {
      // These tools end with 1 when they find something.
      const output = (error as { stdout?: string }).stdout;
      if (output === undefined || output === '') throw error;
      return output;
    }
  };
  try {
    execFileSync('python3', ['-m', 'venv', tools], { stdio: 'ignore' });
    execFileSync(join(tools, 'bin/pip'), ['install', '-q', 'detect-secrets==1.5.0', 'bandit==1.9.4', 'ruff'], {
      stdio: 'ignore',
    });
  } catch {
    console.error('peers left out: they do not install here');
    return results;
  }
  const at = (line: number): Hit => ({ line, endLine: line, isHigh: true });
  const put = (hits: Map<string, Hit[]>, path: string, line: number): void => {
    const file = path.startsWith('/') ? relative(folder, path) : path.replace(/^\.\//, '');
    hits.set(file, [...(hits.get(file) ?? []), at(line)]);
  };
  scored('detect-secrets', () => {
    const hits = new Map<string, Hit[]>();
    const report = JSON.parse(
      run(join(tools, 'bin/detect-secrets'), ['scan', '--all-files', '--no-verify', 'data']),
    ) as {
      results: Record<string, { line_number: number }[]>;
    };
    for (const [path, rows] of Object.entries(report.results)) for (const row of rows) put(hits, path, row.line_number);
    return hits;
  });
  scored('bandit B105-107', () => {
    const hits = new Map<string, Hit[]>();
    const report = JSON.parse(
      run(join(tools, 'bin/bandit'), ['-q', '-r', '-f', 'json', '-t', 'B105,B106,B107', 'data']),
    ) as {
      results: { filename: string; line_number: number }[];
    };
    for (const row of report.results) put(hits, row.filename, row.line_number);
    return hits;
  });
  scored('Ruff S105-107', () => {
    const hits = new Map<string, Hit[]>();
    const report = JSON.parse(
      run(join(tools, 'bin/ruff'), [
        'check',
        '--isolated',
        '--no-cache',
        '--select',
        'S105,S106,S107',
        '--output-format',
        'json',
        'data',
      ]),
    ) as { filename: string; location: { row: number } }[];
    for (const row of report) put(hits, row.filename, row.location.row);
    return hits;
  });
  return results;
}

const result = {
  python,
  pythonHigh,
  others,
  snippets: { recall: snippetRecall, falseRate },
  scripts: byClass,
  scriptsUnlabelled,
  speed,
  peers,
};
if (flags.json) {
  console.log(JSON.stringify(result, null, 2));
} else {
  const two = (value: number): string => value.toFixed(3);
  const row = (name: string, score: Score, target: string): string =>
    `${name.padEnd(34)} R ${two(score.recall)}  P ${two(score.precision)}  (${score.hits} of ${score.truths}, ${score.falseAlarms} false, ${score.unlabelled} unlabelled)  ${target}`;
  console.log(row('CredData .py', python, 'target 0.88 / 0.86'));
  console.log(row('CredData .py, high tier', pythonHigh, 'target 0.60 / 0.95'));
  console.log(row('CredData other files', others, 'target 0.85 / 0.92'));
  console.log(
    `${'snippets'.padEnd(34)} R ${two(snippetRecall)}  false-case rate ${two(falseRate)}  target 0.85 / 0.05`,
  );
  console.log(
    `${'scripts'.padEnd(34)} T ${byClass.T.found} of ${byClass.T.all}, W ${byClass.W.found} of ${byClass.W.all}, placeholders flagged ${byClass.X.found} of ${byClass.X.all}, unlabelled ${scriptsUnlabelled}`,
  );
  console.log(
    `${'speed'.padEnd(34)} ${speed.scriptsOf2KbPerSecond} scripts of 2 KB/s, ${speed.megabytesPerSecond.toFixed(1)} MB/s, time is ${two(speed.ratioToParsing)} of plain parsing`,
  );
  for (const [name, score] of Object.entries(peers)) console.log(row(name, score, ''));
}
