/// <reference types="node" />
/**
 * One measured step of `scan.ts`: walk, scan, state, rescan or rescan-again. Its last two lines are the milliseconds
 * of its own work and its largest memory in MB.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scan } from '../src/scan.ts';
import { encodeState, readState } from '../src/scan-state.ts';

const [step, tree = '', statePath = ''] = process.argv.slice(2);
// A program that runs on, such as the agent, has everything loaded.
if (step === 'rescan-again') await scan({ roots: [join(tree, 'home', 'user0', 'project0', 'part0')], workerCount: 2 });
const startedMs = performance.now();
let folders = 0;
if (step === 'walk') folders = await (await import('./plain-walk.ts')).plainWalk(tree, 2);
else if (step === 'rescan' || step === 'rescan-again') {
  const old = readState(statePath);
  const outcome = await scan({ roots: [tree], workerCount: 2, ...(old === undefined ? {} : { state: old }) });
  if (outcome.coverage.reusedFolders < outcome.coverage.folders) throw new Error('the state was not used');
  folders = outcome.coverage.folders;
  JSON.stringify(outcome);
} else {
  const { state, ...outcome } = await scan({ roots: [tree], workerCount: 2, keepsState: step === 'state' });
  if (outcome.inventory.environments.length === 0 || outcome.inventory.scripts.length === 0)
    throw new Error('nothing was found');
  folders = outcome.coverage.folders;
  JSON.stringify(outcome);
  if (state !== undefined) {
    const descriptor = openSync(statePath, 'w');
    for (const part of encodeState(state)) writeSync(descriptor, part);
    closeSync(descriptor);
  }
}
process.stdout.write(
  `${folders} folders\n${performance.now() - startedMs}\n${process.resourceUsage().maxRSS / 1024}\n`,
);
