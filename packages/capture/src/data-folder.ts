import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isProcessAlive, processStartTicks } from './process-start.ts';

/**
 * Data folder of Sentinel: the option, else `SENTINEL_DATA`, else the user's data folder.
 * Source: XDG base directory specification; Apple File System Programming Guide; Windows known folders.
 */
export function dataFolder(option?: string, env: NodeJS.ProcessEnv = process.env): string {
  const given = option ?? env['SENTINEL_DATA'];
  if (given !== undefined && given !== '') return resolve(given);
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Sentinel');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Sentinel');
  const xdg = env['XDG_DATA_HOME'];
  return join(xdg !== undefined && xdg.startsWith('/') ? xdg : join(homedir(), '.local', 'share'), 'sentinel');
}

/** Files and folders of the agent inside a data folder. */
export interface AgentFolders {
  readonly root: string;
  readonly identity: string;
  readonly lock: string;
  readonly status: string;
  readonly inbox: string;
  readonly spool: string;
  readonly quarantine: string;
  /** Versions of scripts that wait for the vault, their credentials taken out. */
  readonly vault: string;
  /** What was written into interpreters, and what stood there before. */
  readonly instrumentation: string;
}

/** Where the agent keeps what. */
export function agentFolders(data: string): AgentFolders {
  const root = join(data, 'agent');
  return {
    root,
    identity: join(root, 'identity.json'),
    lock: join(root, 'lock'),
    status: join(root, 'status.json'),
    inbox: inboxFolder(data),
    spool: join(root, 'spool'),
    quarantine: join(root, 'quarantine'),
    vault: join(root, 'vault'),
    instrumentation: join(root, 'instrumentation.json'),
  };
}

/** Folder that probes write into when an agent receives. */
export function inboxFolder(data: string): string {
  return join(data, 'agent', 'inbox');
}

/** Process id of the agent that runs on a data folder; undefined where none does. */
export function runningAgent(data: string): number | undefined {
  try {
    return lockHolder(readFileSync(agentFolders(data).lock, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether an agent runs on a data folder. */
export function isAgentRunning(data: string): boolean {
  return runningAgent(data) !== undefined;
}

/** Content of a lock that this process holds: its id and, where known, its start, against reused ids. */
export function lockText(): string {
  const ticks = processStartTicks(process.pid);
  return ticks === undefined ? `${process.pid}\n` : `${process.pid} ${ticks}\n`;
}

/** Process id in a lock, if that very process lives. */
export function lockHolder(text: string): number | undefined {
  const match = /^(\d+)(?: (\d+))?\n?$/.exec(text);
  const pid = Number(match?.[1] ?? 0);
  if (!isProcessAlive(pid)) return undefined;
  const ticks = processStartTicks(pid);
  return match?.[2] !== undefined && ticks !== undefined && Number(match[2]) !== ticks ? undefined : pid;
}
