import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Peer } from './table.ts';

/** Pinned, so that figures stay comparable. Bandit's labels were made with this release of it. */
const REQUIREMENTS = ['bandit==1.9.4', 'detect-secrets==1.5.0', 'ruff==0.17.3'];
const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = join(ROOT, '.cache', 'evaluate-peers');
/** Sources that a tool must refuse rather than follow for ever. */
const TIME_LIMIT_MS = 600_000;

/** A finding of a tool: the file as it was given, the tool's own rule. */
export interface PeerFinding {
  readonly file: string;
  readonly rule: string;
  /** Line that the tool points at. */
  readonly at: number;
  readonly line: number;
  readonly endLine: number;
}

/** The tools, installed. */
export interface Peers {
  /** What a tool finds in a folder, and how long that took; all of its own rules, or those named. */
  run(peer: Peer, folder: string, rules?: readonly string[]): { findings: PeerFinding[]; seconds: number };
}

/** Installs the tools into `.cache`; a text says why there are none. They are only ever run on data. */
export function installPeers(): Peers | string {
  const python = join(FOLDER, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python3');
  const stamp = join(FOLDER, `${REQUIREMENTS.join('+').replaceAll('==', '-')}.installed`);
  if (!existsSync(stamp)) {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(dirname(FOLDER), { recursive: true });
    const made = spawnSync('python3', ['-m', 'venv', FOLDER], { encoding: 'utf8' });
    if (made.status !== 0) return 'python3 with venv is not here';
    const installed = spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--no-input', ...REQUIREMENTS], {
      encoding: 'utf8',
    });
    if (installed.status !== 0) return `they do not install: ${installed.stderr.trim().split('\n').at(-1) ?? ''}`;
    writeFileSync(stamp, '');
  }
  return { run: (peer, folder, rules) => runPeer(join(dirname(python), TOOLS[peer]), peer, folder, rules) };
}

const TOOLS: Readonly<Record<Peer, string>> = { bandit: 'bandit', 'detect-secrets': 'detect-secrets', Ruff: 'ruff' };

function runPeer(tool: string, peer: Peer, folder: string, rules: readonly string[] | undefined) {
  const start = performance.now();
  const { stdout, error } = spawnSync(tool, argumentsOf(peer, rules), {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: TIME_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const seconds = (performance.now() - start) / 1_000;
  if (error !== undefined) throw error;
  const place = (path: string): string => (isAbsolute(path) ? relative(folder, path) : path.replace(/^\.\//, ''));
  return { findings: readReport(peer, stdout).map((found) => ({ ...found, file: place(found.file) })), seconds };
}

function argumentsOf(peer: Peer, rules: readonly string[] | undefined): string[] {
  switch (peer) {
    case 'bandit':
      return ['-q', '-r', '-f', 'json', ...(rules === undefined ? [] : ['-t', rules.join(',')]), '.'];
    case 'detect-secrets':
      return ['scan', '--all-files', '--no-verify', '.'];
    case 'Ruff': {
      const selected = ['check', '--isolated', '--no-cache', '--preview', '--select', (rules ?? ['S']).join(',')];
      return [...selected, '--ignore-noqa', '--output-format', 'json', '.'];
    }
  }
}

function readReport(peer: Peer, text: string): PeerFinding[] {
  const report = JSON.parse(text) as never;
  switch (peer) {
    case 'bandit':
      return (
        report as { results: { filename: string; test_id: string; line_number: number; line_range: number[] }[] }
      ).results.map(({ filename, test_id: rule, line_number: at, line_range: range }) => ({
        file: filename,
        rule,
        at,
        line: range[0] ?? 1,
        endLine: range.at(-1) ?? 1,
      }));
    case 'detect-secrets':
      return Object.entries(
        (report as { results: Record<string, { type: string; line_number: number }[]> }).results,
      ).flatMap(([file, rows]) =>
        rows.map(({ type, line_number: line }) => ({ file, rule: type, at: line, line, endLine: line })),
      );
    case 'Ruff':
      return (
        report as {
          filename: string;
          code: string | null;
          location: { row: number };
          end_location: { row: number };
        }[]
      ).map(({ filename, code, location, end_location: end }) => ({
        file: filename,
        rule: code ?? 'invalid-syntax',
        at: location.row,
        line: location.row,
        endLine: end.row,
      }));
  }
}

/** Writes texts as files into a folder of its own, and takes it away behind the work. */
export function withFiles<Result>(
  files: Iterable<readonly [name: string, text: string | Buffer]>,
  work: (folder: string) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-evaluate-'));
  try {
    for (const [name, text] of files) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
