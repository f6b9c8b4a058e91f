import type { PackageUse } from '@sentinel/protocol';
import { parseRequirement } from './requirement.ts';

/**
 * Packages of a requirements file; files that it refers to are not followed.
 *
 * Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function readRequirementsFile(text: string): PackageUse[] {
  const uses: PackageUse[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r\n?|\n/);
  for (let row = 0; row < lines.length; row += 1) {
    const first = row;
    let line = lines[row] ?? '';
    while (line.endsWith('\\') && row + 1 < lines.length && line.length < 10_000) {
      row += 1;
      line = line.slice(0, -1) + (lines[row] ?? '');
    }
    const text = line
      .replace(/(?:^|\s)#.*$/, '')
      .replace(/\s--?[a-z].*$/, '')
      .replace(/^-e\s+|^--editable[= ]\s*/, '')
      .trim();
    if (text === '' || text.startsWith('-')) continue;
    const requirement = parseRequirement(text);
    if (requirement !== undefined) {
      uses.push({ ...requirement, ground: 'requirements', place: { line: first + 1, endLine: row + 1 } });
    }
  }
  return uses;
}
