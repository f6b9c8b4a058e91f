import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { PROBE_FOLDER } from './probe-environment.ts';

const SOURCE = join(PROBE_FOLDER, '..');

/**
 * Copies the probe into the data folder, once for each content, and gives the folder for `PYTHONPATH`.
 *
 * Python writes its compiled files beside the sources, so the copy keeps them inside the data folder; and
 * an update never changes the files of a probe that runs. Where there is no data folder or the copy fails,
 * such as on a read-only disk, the original is given: nothing is left behind, and a program is never kept
 * from running.
 */
export function stageProbe(data: string): string {
  if (!existsSync(data)) return PROBE_FOLDER;
  try {
    const files = probeFiles();
    const hash = createHash('sha256');
    for (const file of files) hash.update(relative(SOURCE, file)).update('\0').update(readFileSync(file)).update('\0');
    const parent = join(data, 'probe');
    const target = join(parent, hash.digest('hex').slice(0, 16));
    const staged = join(target, 'sentinel_probe', '_inject');
    if (existsSync(staged)) return staged;
    mkdirSync(parent, { recursive: true, mode: 0o755 });
    const temporary = mkdtempSync(join(parent, 'new-'));
    try {
      for (const file of files) cpSync(file, join(temporary, 'sentinel_probe', relative(SOURCE, file)));
      // Every account's Pythons load it.
      chmodSync(temporary, 0o755);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    return staged;
  } catch {
    return PROBE_FOLDER;
  }
}

function probeFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:py|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
