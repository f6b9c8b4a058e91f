import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { agentFolders } from '@sentinel/capture';
import { AgentStatus, type Release } from '@sentinel/protocol';
import type { Installation, Pending } from './installation.ts';
import { readRelease } from './signed-release.ts';
import { isNewer } from './version-order.ts';

const run = promisify(execFile);
/** How long a new executable may take to say its version: it lays itself out first. */
const VERSION_TIMEOUT_MS = 60_000;
const LOOK_MS = 250;

/** What an upgrade works with. */
export interface UpgradeOptions {
  readonly installation: Installation;
  /** Data folder of the agent, whose status says whether the server answered it. */
  readonly data: string;
  /** Public key of the releases, in base64. */
  readonly trustedKey: string;
  /** Program and arguments that start the service anew. */
  readonly restart: readonly string[];
  /** How long the new version has for its first exchange with the server. */
  readonly waitMs: number;
  readonly canGoBack: boolean;
  readonly say: (text: string) => void;
}

/** How an upgrade went. */
export interface UpgradeOutcome {
  readonly result: 'upgraded' | 'installed' | 'rolled-back' | 'refused' | 'unchanged';
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reason?: string;
}

/**
 * Brings a signed release into service, and the one before it back where no exchange with the server
 * follows. One that was broken off is settled first.
 * @param file - Executable; its signed release stands beside it as `<file>.release`.
 */
export async function upgrade(file: string, options: UpgradeOptions): Promise<UpgradeOutcome> {
  const { installation, say } = options;
  const left = installation.pending;
  if (left !== undefined) {
    say(`An upgrade to ${left.to} was broken off; it is settled first.`);
    await settle(left, options);
  }
  const from = installation.current;
  const refused = (reason: string): UpgradeOutcome => ({ result: 'refused', from, to: undefined, reason });
  let release: Release;
  try {
    release = readRelease(readFileSync(`${file}.release`, 'utf8'), options.trustedKey);
  } catch (error) {
    return refused(`${file}.release: ${(error as Error).message}`);
  }
  const wrong = await whyNot(file, release, from, options.canGoBack);
  if (wrong !== undefined) return refused(wrong);
  if (release.version === from) return { result: 'unchanged', from, to: from };
  say(`Putting ${release.version} beside ${from ?? 'nothing'}`);
  const executable = installation.stage(file, release.version);
  const told = await run(executable, ['--version'], { timeout: VERSION_TIMEOUT_MS }).catch((error: Error) => error);
  if (told instanceof Error || told.stdout.trim() !== release.version)
    return refused(`it does not start here: ${told instanceof Error ? told.message : `it says ${told.stdout.trim()}`}`);
  installation.switchTo(release.version, Date.now());
  const pending = installation.pending;
  if (pending === undefined) {
    await startAnew(options);
    return { result: 'installed', from, to: release.version };
  }
  await startAnew(options);
  return settle(pending, options);
}

/** Waits for the verdict on the current version, and acts on it. */
async function settle(pending: Pending, options: UpgradeOptions): Promise<UpgradeOutcome> {
  const { installation, say, waitMs, data } = options;
  const { from, to } = pending;
  say(`Waiting for the server to answer ${to}`);
  const end = Date.now() + waitMs;
  while (Date.now() < end) {
    if (hasContact(data, pending)) {
      installation.confirm();
      return { result: 'upgraded', from, to };
    }
    await delay(LOOK_MS);
  }
  say(`No answer within ${Math.round(waitMs / 1000)} s: going back to ${from}`);
  installation.rollBack(pending);
  await startAnew(options);
  return { result: 'rolled-back', from, to, reason: 'the new version had no exchange with the server in time' };
}

/** Whether the agent of the new version runs and the server answered it since the switch. */
function hasContact(data: string, { to, switchedAtMs }: Pending): boolean {
  try {
    const status = AgentStatus.parse(JSON.parse(readFileSync(agentFolders(data).status, 'utf8')));
    return (
      status.state === 'running' &&
      status.agentVersion === to &&
      status.isInContact &&
      status.lastContactAt !== undefined &&
      Date.parse(status.lastContactAt) >= switchedAtMs
    );
  } catch {
    return false;
  }
}

async function whyNot(
  file: string,
  release: Release,
  from: string | undefined,
  canGoBack: boolean,
): Promise<string | undefined> {
  if (release.platform !== process.platform || release.architecture !== process.arch)
    return `it is for ${release.platform} on ${release.architecture}`;
  if (from !== undefined && !canGoBack && release.version !== from && !isNewer(release.version, from))
    return `it is version ${release.version}, older than ${from}; --allow-older permits that`;
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (error) {
    return `it cannot be read: ${(error as Error).message}`;
  }
  return hash.digest('hex') === release.sha256 ? undefined : 'the executable is not the one that was signed';
}

async function startAnew({ restart, say }: UpgradeOptions): Promise<void> {
  const [program, ...args] = restart;
  if (program === undefined) return;
  try {
    await run(program, args);
  } catch (error) {
    say(`The service was not started anew: ${(error as Error).message}`);
  }
}
