import type { PackageUse } from '@sentinel/protocol';
import { parse } from 'smol-toml';
import { parseRequirement } from './requirement.ts';

/** Dependencies in the header of a script. Source: PEP 723, https://peps.python.org/pep-0723/ */
export function readScriptHeader(source: string): PackageUse[] {
  const lines = source.split('\n', 5_000);
  const first = lines.indexOf('# /// script');
  if (first === -1) return [];
  const block: string[] = [];
  let row = first + 1;
  for (; row < lines.length && lines[row] !== '# ///'; row += 1) {
    const line = lines[row] ?? '';
    if (line !== '#' && !line.startsWith('# ')) return [];
    block.push(line.slice(2));
  }
  if (row === lines.length) return [];
  let dependencies: unknown;
  try {
    ({ dependencies } = parse(block.join('\n')));
  } catch {
    return [];
  }
  if (!Array.isArray(dependencies)) return [];
  return dependencies.flatMap((dependency): PackageUse[] => {
    const requirement = typeof dependency === 'string' ? parseRequirement(dependency) : undefined;
    if (requirement === undefined) return [];
    const offset = block.findIndex((line) => line.includes(String(dependency)));
    const line = first + 2 + Math.max(0, offset);
    return [{ ...requirement, ground: 'script-header', place: { line, endLine: line } }];
  });
}
