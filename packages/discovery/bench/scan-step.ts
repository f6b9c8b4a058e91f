/// <reference types="node" />
/** One measured step of `scan.ts`: walk, scan, state or rescan. Prints its largest memory in MB on the last line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { scan } from '../src/scan.ts';
import { decodeState, encodeState } from '../src/scan-state.ts';
import { plainWalk } from './plain-walk.ts';

const [step, tree = '', state = ''] = process.argv.slice(2);
let folders = 0;
if (step === 'walk') folders = await plainWalk(tree, 2);
else if (step === 'rescan') {
  const old = decodeState(readFileSync(state, 'utf8'));
  const outcome = await scan({ roots: [tree], workerCount: 2, ...(old === undefined ? {} : { state: old }) });
  if (outcome.coverage.reusedFolders < outcome.coverage.folders * 0.9) throw new Error('the state was not used');
  JSON.stringify(outcome);
} else {
  const outcome = await scan({ roots: [tree], workerCount: 2, keepsState: step === 'state' });
  if (outcome.inventory.environments.length === 0 || outcome.inventory.scripts.length === 0)
    throw new Error('nothing was found');
  folders = outcome.coverage.folders;
  JSON.stringify(outcome);
  if (outcome.state !== undefined) writeFileSync(state, encodeState(outcome.state));
}
process.stdout.write(`${folders} folders\n${process.resourceUsage().maxRSS / 1024}\n`);
