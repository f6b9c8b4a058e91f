import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError } from './demo-error.ts';
import { DEMO_SOURCES, type DemoFolder } from './demo-folder.ts';
import { runProcess } from './run-process.ts';
import type { DataSet } from './scenarios.ts';

const MAKER = join(DEMO_SOURCES, 'services', 'make_data.py');

/**
 * Makes a data set, or finds it made.
 * @param python - Runs the maker; only `mails` needs the libraries of the demo's environment.
 * @throws DemoError with the maker's own words.
 */
export async function makeData(
  folder: DemoFolder,
  dataSet: DataSet,
  python: string,
  signal: AbortSignal,
): Promise<void> {
  const marker = join(folder.root, `data-${dataSet.kind}.json`);
  const rows = dataSet.rows === undefined ? [] : [String(dataSet.rows)];
  const recipe = createHash('sha256')
    .update(readFileSync(MAKER))
    .update(JSON.stringify([dataSet.path, rows]))
    .digest('hex');
  if (existsSync(dataSet.path) && existsSync(marker) && readFileSync(marker, 'utf8') === recipe) return;
  rmSync(marker, { force: true });
  const { code, tail } = await runProcess(python, ['-I', '-B', MAKER, dataSet.kind, dataSet.path, ...rows], { signal });
  if (code !== 0) {
    signal.throwIfAborted();
    throw new DemoError(`The ${dataSet.kind} data could not be made:\n${tail.join('\n')}`);
  }
  writeFileSync(marker, recipe);
}
