import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Labelled data; it lies beside the repository and never in it. SENTINEL_CORPUS names another folder. */
export const CORPUS =
  process.env['SENTINEL_CORPUS'] ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus');

/** Whether the labelled data is here. */
export const isCorpusHere = existsSync(join(CORPUS, 'scripts', 'labels.json'));

/** Content of a file of the corpus, unpacked where its name ends in .gz. */
export function readCorpus(path: string): Buffer {
  const bytes = readFileSync(join(CORPUS, path));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Rows of a file of JSON lines. */
export function readRows<T>(path: string): T[] {
  return readCorpus(path)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
