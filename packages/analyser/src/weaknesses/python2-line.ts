/** Statements of Python 2 that Python 3 reads as errors, with what says the same. Source: PEP 3105, 3109, 3110, 3127. */
const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/^(\s*)print\s*>>\s*([\w.]+)\s*,?(.*)$/, '$1print($3)'],
  [/^(\s*)print\s+(?![=(.[])(.*?),?\s*$/, '$1print($2)'],
  [/^(\s*)print\s+(\(.*\)\s*%.*|\(.*\),.*)$/, '$1print($2)'],
  [/^(\s*)print\s*$/, '$1print()'],
  [/^(\s*)exec\s+(?!\()(.*?)(?:\s+in\s+.*)?$/, '$1exec($2)'],
  [/^(\s*except\s+[^:]*?)\s*,\s*(\w+)\s*:/, '$1 as $2:'],
  [/^(\s*raise\s+[\w.]+)\s*,\s*(.*)$/, '$1($2)'],
];

/** A line of Python 2 in the words of Python 3; the line itself where nothing is to be changed. */
export function rewritePython2Line(line: string): string {
  if (line.length > 2_000) return line;
  let rewritten = line;
  for (const [pattern, replacement] of REWRITES) rewritten = rewritten.replace(pattern, replacement);
  return rewritten
    .replace(/(?<![\w.'"])0([0-7]+)(?![\w.'"])/g, '0o$1')
    .replace(/(?<![\w'"])[uU][rR](?=['"])/g, 'r')
    .replaceAll('<>', '!=');
}
