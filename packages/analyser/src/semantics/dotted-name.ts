/** Most segments of a dotted name; the middle of a longer chain is left out. */
const MAX_SEGMENTS = 10;

/** `parent.member`, bounded. */
export function memberName(parent: string, member: string): string {
  const name = `${parent}.${member}`;
  if (name.length < 80) return name;
  const parts = name.split('.');
  if (parts.length <= MAX_SEGMENTS) return name.length > 400 ? name.slice(0, 400) : name;
  return [...parts.slice(0, 4), ...parts.slice(-4)].join('.');
}
