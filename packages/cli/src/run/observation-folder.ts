import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { doneFolderName, heldFolderName, inboxFolder, isAgentRunning } from '@sentinel/capture';

/** Where the probe of one `sentinel run` writes. */
export interface ObservationFolder {
  readonly path: string;
  /** Whether an agent reads along, so that the run also reaches the console. */
  readonly isShared: boolean;
  /**
   * To be called when all is read.
   * @param isComplete - Whether every run in it has ended.
   */
  release(isComplete: boolean): void;
}

/**
 * Makes the folder: in the inbox of a running agent, else a temporary one.
 * @param policyText - Policies of this run alone, as endpoints read them; it is then not shared with an agent.
 */
export function makeObservationFolder(data: string, policyText?: string): ObservationFolder {
  const held = policyText === undefined && isAgentRunning(data) ? makeHeldFolder(data) : undefined;
  if (held !== undefined) {
    return {
      path: held,
      isShared: true,
      release: (isComplete) => {
        // A run that goes on writes under this name. The agent takes over when we are gone.
        if (isComplete) renameSync(held, join(dirname(held), doneFolderName(basename(held))));
      },
    };
  }
  // The probe looks for policies beside its spool: both lie in a folder that nobody else writes into.
  const own = mkdtempSync(join(tmpdir(), 'sentinel-run-'));
  const path = join(own, 'spool');
  mkdirSync(path, { mode: 0o700 });
  if (policyText !== undefined) writeFileSync(join(own, 'policy'), policyText);
  return { path, isShared: false, release: () => rmSync(own, { recursive: true, force: true }) };
}

function makeHeldFolder(data: string): string | undefined {
  const path = join(inboxFolder(data), heldFolderName());
  try {
    mkdirSync(path, { mode: 0o700 });
    return path;
  } catch {
    // An agent of another account: its inbox is not ours to write into.
    return undefined;
  }
}
