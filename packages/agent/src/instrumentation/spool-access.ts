import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentFolders, stageProbe } from '@sentinel/capture';

/** What interpreters are told: where the probe is, and where it writes. */
export interface ProbePlaces {
  readonly home: string;
  readonly spool: string;
  /** What an operator has to know of them. */
  readonly notes: readonly string[];
}

/**
 * Stages the probe and makes the inbox ready for every account of this computer. As root the inbox is one that anybody may
 * put files into and nobody else may list, read or delete, and the folders above it may be passed through.
 */
export function openProbePlaces(data: string): ProbePlaces {
  const { root, inbox } = agentFolders(data);
  mkdirSync(inbox, { recursive: true, mode: 0o700 });
  const notes: string[] = [];
  if (process.geteuid?.() === 0) {
    chmodSync(root, 0o711);
    chmodSync(inbox, 0o1733);
    if ((statSync(data).mode & 0o1) === 0) chmodSync(data, (statSync(data).mode & 0o777) | 0o11);
    for (let folder = dirname(data); folder !== dirname(folder); folder = dirname(folder))
      if ((statSync(folder).mode & 0o1) === 0)
        notes.push(
          `${folder} is closed to other accounts: their runs cannot reach ${inbox}; choose another data folder`,
        );
  } else notes.push('without root, only runs of this account can be received');
  const staged = stageProbe(data);
  const home = dirname(staged);
  if (!home.startsWith(join(data, 'probe'))) notes.push(`the probe could not be staged into ${data}; ${home} is used`);
  return { home, spool: inbox, notes };
}
