import type { DiffLine } from '@sentinel/protocol';

/** Beyond so many steps the middle is shown as wholly replaced: the search grows with their square. */
const MAX_STEPS = 2000;

/** The shortest way from one text to another, line by line. Source: Myers, An O(ND) Difference Algorithm, 1986. */
export function diffLines(from: string, to: string): DiffLine[] {
  const a = linesOf(from);
  const b = linesOf(to);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = shortest(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const kinds: DiffLine['kind'][] = [
    ...Array.from({ length: start }, () => 'same' as const),
    ...middle,
    ...Array.from({ length: end }, () => 'same' as const),
  ];
  let fromLine = 0;
  let toLine = 0;
  return kinds.map((kind): DiffLine => {
    if (kind === 'removed') return { kind, text: a[fromLine++] ?? '', fromLine };
    if (kind === 'added') return { kind, text: b[toLine++] ?? '', toLine };
    fromLine += 1;
    return { kind, text: b[toLine++] ?? '', fromLine, toLine };
  });
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function shortest(a: readonly string[], b: readonly string[]): DiffLine['kind'][] {
  const most = Math.min(a.length + b.length, MAX_STEPS);
  const reached = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let steps = 0; steps <= most; steps += 1) {
    trail.push(new Map(reached));
    for (let k = -steps; k <= steps; k += 2) {
      const isDown = k === -steps || (k !== steps && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
      let x = isDown ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trail, a.length, b.length);
    }
  }
  return [...a.map(() => 'removed' as const), ...b.map(() => 'added' as const)];
}

function walkBack(trail: readonly Map<number, number>[], lengthA: number, lengthB: number): DiffLine['kind'][] {
  const kinds: DiffLine['kind'][] = [];
  let x = lengthA;
  let y = lengthB;
  for (let steps = trail.length - 1; steps >= 0; steps -= 1) {
    const reached = trail[steps];
    const k = x - y;
    const isDown = k === -steps || (k !== steps && (reached?.get(k - 1) ?? -1) < (reached?.get(k + 1) ?? -1));
    const fromK = isDown ? k + 1 : k - 1;
    const fromX = reached?.get(fromK) ?? 0;
    while (x > fromX && y > fromX - fromK && x > 0 && y > 0) {
      kinds.push('same');
      x -= 1;
      y -= 1;
    }
    if (steps === 0) break;
    kinds.push(isDown ? 'added' : 'removed');
    x = fromX;
    y = fromX - fromK;
  }
  return kinds.reverse();
}
