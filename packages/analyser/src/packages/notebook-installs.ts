import type { PackageUse } from '@sentinel/protocol';
import { installedBy, splitWords } from './pip-arguments.ts';

/** Packages that lines such as `!pip install name` or `%pip install name` of a notebook's cell install. */
export function findNotebookInstalls(source: string): PackageUse[] {
  if (!source.includes('pip') && !source.includes('uv ')) return [];
  const uses: PackageUse[] = [];
  for (const [row, line] of source.split('\n').entries()) {
    const command = /^\s*(?:!{1,2}|%{1,2}(?:sh|bash)?\s*)(.*)$/.exec(line)?.[1];
    if (command === undefined || !/\b(?:pip3?|uv|pipx)\b/.test(command)) continue;
    for (const requirement of installedBy(splitWords(command))) {
      uses.push({ ...requirement, ground: 'notebook', place: { line: row + 1, endLine: row + 1 } });
    }
  }
  return uses;
}
