import type { CheckedFile } from './check-files.ts';

/** What was checked, for a terminal: a line a problem as compilers write it, and a summary. */
export function printChecked(files: readonly CheckedFile[]): string {
  const lines = files.flatMap(({ path, problems }) =>
    problems.map(({ level, line, column, statement, message, hint }) => {
      const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
      return `${path}${place}: ${level}: ${statement === undefined ? '' : `${statement}: `}${message}${hint === undefined ? '' : `\n  ${hint}`}`;
    }),
  );
  const total = (pick: (file: CheckedFile) => number) => files.reduce((sum, file) => sum + pick(file), 0);
  const count = (level: string) => total(({ problems }) => problems.filter((one) => one.level === level).length);
  lines.push(
    `${files.length} ${files.length === 1 ? 'policy' : 'policies'}, ${total(({ statements }) => statements)} statements, ` +
      `${total(({ examples }) => examples)} examples: ${count('error')} errors, ${count('warning')} warnings`,
  );
  return `${lines.join('\n')}\n`;
}
