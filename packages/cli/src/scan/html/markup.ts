/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A whole number with thousands apart. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A number with its noun in the right form. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** Hours in words. */
export function formatHours(hours: number): string {
  if (hours >= 16) return `about ${Math.round(hours / 8)} days`;
  if (hours < 1) return 'about 30 minutes';
  return `about ${hours === 1 ? '1 hour' : `${hours} hours`}`;
}

/** Path with room for line breaks behind its separators. */
export function pathMarkup(path: string): string {
  return escapeHtml(path).replaceAll(/[/\\]/g, '$&<wbr>');
}
