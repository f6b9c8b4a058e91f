/** Longest line that is read in a large text: longer ones are data. */
const MAX_LINE_UNITS = 200_000;

/** A large text with its longest lines replaced by `pass`: their place and the number of lines stay. */
export function leaveOutLongLines(text: string): string {
  if (text.length < 1_000_000) return text;
  return text
    .split('\n')
    .map((line) => (line.length > MAX_LINE_UNITS ? `${/^[ \t]{0,400}/.exec(line)?.[0] ?? ''}pass` : line))
    .join('\n');
}
