/**
 * Whether a glob fits a whole path: `*` stands for anything within a folder, `**` for anything, `?` for one character.
 * Work grows with the product of both lengths at most; back-slashes count as slashes.
 */
export function fitsGlob(glob: string, path: string): boolean {
  const text = path.replaceAll('\\', '/');
  const parts = glob.replaceAll('\\', '/').match(/\*\*\/|\*\*|[^]/gu) ?? [];
  // Places in the glob that the text so far can have led to.
  let at = new Set(skipStars(parts, 0));
  for (const unit of text) {
    const next = new Set<number>();
    for (const place of at) {
      const part = parts[place];
      if (part === undefined) continue;
      if (part === '**') add(next, parts, place);
      else if (part === '**/') {
        // Any number of whole folders: it is over only behind a slash.
        next.add(place);
        if (unit === '/') add(next, parts, place + 1);
      } else if (part === '*') {
        if (unit !== '/') add(next, parts, place);
      } else if (part === unit || (part === '?' && unit !== '/')) add(next, parts, place + 1);
    }
    at = next;
    if (at.size === 0) return false;
  }
  return at.has(parts.length);
}

function add(places: Set<number>, parts: readonly string[], place: number): void {
  for (const reached of skipStars(parts, place)) places.add(reached);
}

/** A place and those behind stars that may stand for nothing. */
function skipStars(parts: readonly string[], place: number): number[] {
  const reached = [place];
  for (let at = place; parts[at] === '*' || parts[at] === '**' || parts[at] === '**/'; at += 1) reached.push(at + 1);
  return reached;
}
