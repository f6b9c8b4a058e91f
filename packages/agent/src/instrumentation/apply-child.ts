/** Makes file changes in a process that has only the rights of their owner: changes as JSON in, what was done as JSON out. */
import { readFileSync } from 'node:fs';
import { applyChanges, type FileChange } from './file-change.ts';

try {
  const done = applyChanges(JSON.parse(readFileSync(0, 'utf8')) as FileChange[]);
  process.stdout.write(JSON.stringify({ done }));
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  process.stdout.write(JSON.stringify({ code, message }));
}
