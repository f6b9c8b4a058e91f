/**
 * Writes the software bill of materials of what we ship (CycloneDX 1.6), from the lock file.
 *
 *     npm run sbom [-- --out FILE]
 *
 * Without `--out` it goes to standard output.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSbom } from './supply-chain/make-sbom.ts';
import { readLock } from './supply-chain/read-lock.ts';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  name: string;
  version: string;
};
const text = makeSbom(readLock(ROOT), { name, version });
if (values.out === undefined) process.stdout.write(text);
else {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, text);
}
