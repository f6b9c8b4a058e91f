/** A `LIKE` pattern for "contains this text", with the text's own wildcards made plain. Lower case, for a lowered column. */
export function containsPattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
