/** Starts mixed runs as a process of its own, so that another program can watch all its starts; prints how many of each there were. */
import { mixedRuns, startMixedRuns } from './mixed-runs.ts';

const [, , folder = '', count = '', atATime = '', ...pythons] = process.argv;
const kinds = mixedRuns(folder, pythons);
const started = await startMixedRuns(kinds, pythons, Number(count), Number(atATime));
process.stdout.write(
  JSON.stringify(
    [...started].map(([python, ofPython]) => [python, [...ofPython].map(([{ name }, times]) => [name, times])]),
  ),
);
