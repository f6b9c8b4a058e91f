import type { PackageUse } from '@sentinel/protocol';
import { installedBy, splitWords } from './pip-arguments.ts';

/** Packages that lines of a shell script, a batch file or a Dockerfile install. */
export function findShellInstalls(text: string): PackageUse[] {
  const uses: PackageUse[] = [];
  const lines = text.split('\n');
  for (let row = 0; row < lines.length; row += 1) {
    const first = row;
    let line = lines[row] ?? '';
    while (/[\\^`]\s*$/.test(line) && row + 1 < lines.length && line.length < 10_000) {
      row += 1;
      line = `${line.replace(/[\\^`]\s*$/, ' ')}${lines[row] ?? ''}`;
    }
    if (!line.includes('install') && !line.includes(' add ')) continue;
    if (/^\s*(?:#|::|rem\s)/i.test(line)) continue;
    for (const command of line.split(/&&|\|\||;/)) {
      for (const requirement of installedBy(splitWords(command))) {
        uses.push({ ...requirement, ground: 'shell', place: { line: first + 1, endLine: row + 1 } });
      }
    }
  }
  return uses;
}
