import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { applyChanges, type ChangeDone, type FileChange } from './file-change.ts';

/** Whose rights something is done with; undefined for our own. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/** What a program said and how it ended. */
export interface ProgramEnd {
  readonly pid: number | undefined;
  readonly code: number | null;
  readonly output: string;
  readonly problem: string;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 8 * 1024 * 1024;

/**
 * Account that owns a file or folder, where that is not root's and not ours. Root never runs a program and never writes a
 * file that such an account could have prepared: it does both with that account's rights.
 */
export function ownerOf(path: string): Account {
  if (process.geteuid?.() !== 0) return undefined;
  const { uid, gid } = statSync(path);
  return uid === 0 ? undefined : { uid, gid };
}

/** Runs a program with the rights of an account, in an environment with nothing of ours. Never throws. */
export function runAs(
  account: Account,
  program: string,
  args: readonly string[],
  input = '',
  env: NodeJS.ProcessEnv = {},
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let output = '';
    let problem = '';
    let child: ChildProcess;
    const end = (code: number | null) => resolve({ pid: child?.pid, code, output, problem: problem.trim() });
    try {
      child = spawn(program, args, {
        cwd: '/',
        env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...systemRoot(), ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
        ...(account === undefined ? {} : account),
      });
    } catch (error) {
      problem = (error as Error).message;
      resolve({ pid: undefined, code: null, output, problem });
      return;
    }
    child.on('error', (error) => {
      problem ||= error.message;
      end(null);
    });
    child.on('close', end);
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (output.length < MAX_OUTPUT) output += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (problem.length < 2000) problem += chunk.toString();
    });
  });
}

/**
 * Makes file changes, with the rights of the account that owns the folders.
 * @param prepared - Account whose program named the places: nothing is done with more rights than it has, wherever they lie.
 * @throws an error with the code of the file system.
 */
export async function applyAsOwner(changes: readonly FileChange[], prepared?: Account): Promise<ChangeDone[]> {
  const owners = changes.map(({ path }) => existingOwner(dirname(path)));
  const account = prepared ?? owners.find((owner) => owner !== undefined);
  if (account === undefined) return applyChanges(changes);
  const { output, problem } = await runAs(
    account,
    process.execPath,
    [join(import.meta.dirname, 'apply-child.ts')],
    JSON.stringify(changes),
  );
  const answer = parseAnswer(output);
  if (answer?.done !== undefined) return answer.done;
  throw Object.assign(new Error(answer?.message ?? `nothing could be written as user ${account.uid}: ${problem}`), {
    code: answer?.code,
  });
}

function parseAnswer(text: string): { done?: ChangeDone[]; code?: string; message?: string } | undefined {
  try {
    return JSON.parse(text) as { done?: ChangeDone[] };
  } catch {
    return undefined;
  }
}

function existingOwner(folder: string): Account {
  try {
    return ownerOf(folder);
  } catch {
    return undefined;
  }
}

/** Without it no program starts on Windows. */
function systemRoot(): NodeJS.ProcessEnv {
  const root = process.env['SystemRoot'];
  return root === undefined ? {} : { SystemRoot: root };
}
