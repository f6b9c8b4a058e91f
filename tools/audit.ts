/**
 * Says which packages of the lock file have known advisories, without a network.
 *
 *     npm run audit:lock -- FOLDER
 *
 * FOLDER holds OSV records of npm as JSON files, one or a list in each: the archive that https://osv.dev gives out, unpacked.
 * Exit code 1 when a package that is shipped has one.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditLock } from './supply-chain/audit-lock.ts';
import { readLock } from './supply-chain/read-lock.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('audit: give the folder with OSV records of npm\n');
  process.exit(2);
}
const lock = readLock(join(import.meta.dirname, '..'));
const files = globSync('**/*.json', { cwd: folder });
const faults = auditLock(lock, recordsIn(folder, files));
for (const { id, name, version, isDev, summary } of faults)
  process.stdout.write(`${id}  ${name} ${version}${isDev ? '  (only for work on it)' : ''}  ${summary}\n`);
process.stdout.write(`${lock.packages.length} packages, ${files.length} files of advisories, ${faults.length} hits\n`);
// Of nothing that was read nothing can be said.
process.exitCode = files.length === 0 ? 2 : faults.some(({ isDev }) => !isDev) ? 1 : 0;

function* recordsIn(root: string, names: readonly string[]): Generator {
  for (const name of names) {
    const value: unknown = JSON.parse(readFileSync(join(root, name), 'utf8'));
    if (Array.isArray(value)) yield* value;
    else yield value;
  }
}
