/**
 * A pattern of ours as Sigma writes it. Sigma has no wildcard that stops at a slash, so `*` becomes one that does not; folders of Windows
 * come with backslashes, so each pattern with slashes comes twice.
 */
export function plainFold(pattern: string): string[] {
  const wild = pattern
    .replaceAll('**/', '*')
    .replaceAll('**', '*')
    .replaceAll(/\*{2,}/g, '*')
    .replaceAll('\\', '/');
  if (!wild.includes('/')) return [wild];
  return [wild, wild.replaceAll('/', '\\')];
}
