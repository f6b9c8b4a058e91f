import { existsSync, readdirSync, realpathSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Account, applyAsOwner, ownerOf } from './as-owner.ts';
import { type FileChange, hashOf, readState } from './file-change.ts';
import { compileWith, type InstallPlan, planFor } from './install-plan.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';
import type { Target } from './target.ts';

/** What came of one target. */
export interface InstrumentResult {
  readonly executable: string;
  readonly environment?: string;
  readonly version?: string;
  readonly outcome: ManifestEntry['outcome'] | 'unchanged' | 'removed' | 'absent' | 'exempt';
  /** Why not, or what was left. */
  readonly reason?: string;
  /** Files written or taken away; in a dry run those that would be. */
  readonly files: readonly string[];
}

/** How to instrument. */
export interface InstrumentOptions {
  /** Staged probe. */
  readonly home: string;
  /** Folder that probes write into. */
  readonly spool: string;
  readonly isDryRun: boolean;
  /** Whether the interpreter compiles what was written. */
  readonly compiles: boolean;
}

const BLOCK = /\n?# >>> sentinel >>>[\s\S]*?# <<< sentinel <<<\n?/;

/**
 * Makes an interpreter or environment start the probe, and writes into the manifest what stood there before. Again is as good
 * as once. Places that may not be written are left as they are and said.
 */
export async function instrument(
  target: Target,
  manifest: Manifest,
  options: InstrumentOptions,
): Promise<InstrumentResult> {
  const known = manifest.entries.find(({ key }) => key === target.key);
  const account = ownerOf(target.executable);
  const plan = await planFor(target.executable, account, options.home, options.spool);
  const entry = newEntry(target, options.home);
  if (account !== undefined) entry.account = account;
  if (typeof plan === 'string')
    return keep(manifest, known, { ...entry, outcome: 'cannot-run', reason: plan }, options);
  entry.version = plan.interpreter.version.join('.');
  entry.isBase = plan.interpreter.isBase;
  if (plan.interpreter.cacheTag !== null) entry.cacheTag = plan.interpreter.cacheTag;
  if (!plan.interpreter.isSupported)
    return keep(
      manifest,
      known,
      { ...entry, outcome: 'version-unsupported', reason: `${plan.interpreter.implementation} ${entry.version}` },
      options,
    );
  if (plan.install.length === 0)
    return keep(
      manifest,
      known,
      { ...entry, outcome: 'read-only', reason: `${plan.interpreter.stdlib} may not be written` },
      options,
    );

  const changes = changesOf(plan, known);
  if (options.isDryRun)
    return result(
      { ...entry, outcome: 'instrumented' },
      changes.filter(wouldChange).map(({ path }) => path),
      wouldChangeAny(changes),
    );
  try {
    const done = await applyAsOwner(changes, account);
    const isUnchanged = done.length === 0 && known?.outcome === 'instrumented';
    // What stood there before us is what the first of all changes found.
    const earlier = new Map(known?.files.map((file) => [file.path, file]) ?? []);
    for (const change of done)
      earlier.set(change.path, { ...change, before: earlier.get(change.path)?.before ?? change.before });
    Object.assign(entry, {
      outcome: 'instrumented',
      files: [...earlier.values()],
      compiled: known?.compiled ?? [],
      folders: known?.folders ?? [],
      ...(isUnchanged ? { sinceMs: known.sinceMs } : {}),
    });
    if (options.compiles) await compile(target.executable, account, plan, entry, options.home);
    replace(manifest, entry);
    return result(
      entry,
      done.map(({ path }) => path),
      !isUnchanged,
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isProtected = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    return keep(manifest, known, { ...entry, outcome: isProtected ? 'read-only' : 'failed', reason: message }, options);
  }
}

/** Puts back what stood there before, byte for byte; what somebody changed since loses only what is ours. */
export async function deinstrument(
  target: Target,
  manifest: Manifest,
  options: InstrumentOptions,
): Promise<InstrumentResult> {
  const entry = manifest.entries.find(({ key }) => key === target.key);
  if (entry === undefined) {
    const plan = await planFor(target.executable, ownerOf(target.executable), options.home, options.spool);
    // Without a manifest the probe itself knows its files.
    const changes = typeof plan === 'string' ? [] : plan.remove.map(changeOf).filter(wouldChange);
    if (!options.isDryRun) await applyAsOwner(changes, ownerOf(target.executable));
    const paths = changes.map(({ path }) => path);
    return { executable: target.executable, outcome: paths.length > 0 ? 'removed' : 'absent', files: paths };
  }
  const left: string[] = [];
  const changes: FileChange[] = [];
  for (const file of entry.files.toReversed()) {
    const now = readState(file.path);
    if (now.content === null) {
      // A file of others that we had put aside, such as a stale compiled one, comes back; one that they removed stays away.
      if (file.after === null && file.before.content !== null && existsSync(dirname(file.path)))
        changes.push({ path: file.path, ...file.before });
    } else if (hashOf(now.content) === file.after) changes.push({ path: file.path, ...file.before });
    else {
      const text = Buffer.from(now.content, 'base64').toString();
      if (BLOCK.test(text))
        changes.push({ path: file.path, content: Buffer.from(text.replace(BLOCK, '\n')).toString('base64') });
      else left.push(`${file.path} was changed by somebody else and stays`);
    }
  }
  const paths = [...changes.map(({ path }) => path), ...entry.compiled];
  if (!options.isDryRun) {
    try {
      await applyAsOwner(changes, entry.account);
      await applyAsOwner(
        entry.compiled.map((path) => ({ path, content: null })),
        entry.account,
      );
    } catch (error) {
      return { ...result(entry, [], true), outcome: 'failed', reason: (error as Error).message };
    }
    for (const folder of entry.folders) removeEmpty(folder);
    manifest.entries.splice(manifest.entries.indexOf(entry), 1);
  }
  return {
    ...result(entry, paths, true),
    outcome: 'removed',
    ...(left.length === 0 ? {} : { reason: left.join('; ') }),
  };
}

/** What tells whether a program file is still the same. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.size} ${stat.mtimeMs}`;
}

function newEntry(target: Target, home: string): ManifestEntry {
  return {
    key: target.key,
    executable: target.executable,
    image: realpathSync(target.executable),
    ...(target.environment === undefined ? {} : { environment: target.environment }),
    isBase: target.environment === undefined,
    outcome: 'failed',
    sinceMs: Date.now(),
    home,
    stamp: stampOf(target.executable),
    files: [],
    compiled: [],
    folders: [],
  };
}

/** Steps as changes: a source that stays as it is keeps its compiled file, which the plan would remove. */
function changesOf(plan: InstallPlan, known: ManifestEntry | undefined): FileChange[] {
  const changes = plan.install.map(changeOf);
  const same = new Set(
    changes.filter((change) => change.content !== null && !wouldChange(change)).map(({ path }) => path),
  );
  const ours = new Set(known?.compiled ?? []);
  return changes.filter(({ path, content }) => {
    if (content !== null) return true;
    const source = join(dirname(dirname(path)), `${basename(path).split('.')[0]}.py`);
    return !(same.has(source) && ours.has(path));
  });
}

function changeOf({ path, text }: { readonly path: string; readonly text: string | null }): FileChange {
  return { path, content: text === null ? null : Buffer.from(text).toString('base64') };
}

function wouldChange({ path, content }: FileChange): boolean {
  return readState(path).content !== content;
}

function wouldChangeAny(changes: readonly FileChange[]): boolean {
  return changes.some(wouldChange);
}

/** A failure is remembered, unless an earlier success still stands. */
function keep(
  manifest: Manifest,
  known: ManifestEntry | undefined,
  entry: ManifestEntry,
  options: InstrumentOptions,
): InstrumentResult {
  if (!options.isDryRun && (known === undefined || known.files.length === 0))
    replace(manifest, known?.outcome === entry.outcome ? { ...entry, sinceMs: known.sinceMs } : entry);
  return result(entry, [], true);
}

function replace(manifest: Manifest, entry: ManifestEntry): void {
  const at = manifest.entries.findIndex(({ key }) => key === entry.key);
  if (at < 0) manifest.entries.push(entry);
  else manifest.entries[at] = entry;
}

async function compile(
  executable: string,
  account: Account,
  plan: InstallPlan,
  entry: ManifestEntry,
  home: string,
): Promise<void> {
  const tag = plan.interpreter.cacheTag;
  if (tag === null) return;
  const sources = plan.install
    .filter(({ path, text }) => text !== null && path.endsWith('.py'))
    .map(({ path }) => path);
  const own = sources.filter(
    (path) =>
      ['sitecustomize.py', '_sentinel_boot.py'].includes(basename(path)) &&
      /sentinel_probe/.test(Buffer.from(readState(path).content ?? '', 'base64').toString()),
  );
  const compiled = own.flatMap((path) =>
    ['', '.opt-1', '.opt-2'].map((level) =>
      join(dirname(path), '__pycache__', `${basename(path, '.py')}.${tag}${level}.pyc`),
    ),
  );
  const folders = [...new Set(compiled.map((path) => dirname(path)))].filter((folder) => !existsSync(folder));
  if (compiled.some((path) => !existsSync(path))) entry.reason = await compileWith(executable, account, home, own);
  if (entry.reason === undefined) delete entry.reason;
  entry.compiled = [...new Set([...entry.compiled, ...compiled])];
  entry.folders = [...new Set([...entry.folders, ...folders])];
}

/**
 * Compiles the probe's own sources, once for each kind of interpreter. The folder belongs to us: no interpreter of another
 * account compiles what all accounts run.
 */
export async function compileProbe({ entries }: Manifest, home: string): Promise<void> {
  for (const { executable, cacheTag, outcome } of entries) {
    if (
      cacheTag === undefined ||
      outcome !== 'instrumented' ||
      !existsSync(executable) ||
      ownerOf(executable) !== undefined
    )
      continue;
    const mark = join(dirname(home), `compiled-${cacheTag}`);
    if (!existsSync(mark) && (await compileWith(executable, undefined, home, [])) === undefined)
      writeFileSync(mark, '');
  }
}

function removeEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } catch {
    // Gone, or not ours to remove.
  }
}

function result(entry: ManifestEntry, files: readonly string[], hasChanged: boolean): InstrumentResult {
  const { executable, environment, version, outcome, reason } = entry;
  return {
    executable,
    ...(environment === undefined ? {} : { environment }),
    ...(version === undefined ? {} : { version }),
    outcome: outcome === 'instrumented' && !hasChanged ? 'unchanged' : outcome,
    ...(reason === undefined ? {} : { reason }),
    files,
  };
}
