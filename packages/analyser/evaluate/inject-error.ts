/** Ways to break a source as people and programs do. */
export const ERROR_KINDS = ['bracket', 'quote', 'indent', 'half line', 'merge mark', 'cut at 80 %'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** A broken source; `lineNow` says where a line of the whole one went, undefined where it is gone. */
export interface InjectedError {
  readonly source: string;
  readonly lineNow: (line: number) => number | undefined;
}

/** Breaks a source at a place that the seed chooses; undefined where it has no place for this kind. */
export function injectError(source: string, kind: ErrorKind, seed: number): InjectedError | undefined {
  const lines = source.split('\n');
  const random = randomFrom(seed);
  const pick = (fits: (line: string) => boolean) => {
    const places = lines.flatMap((line, index) => (fits(line) ? [index] : []));
    return places.length === 0 ? undefined : places[Math.floor(random() * places.length)];
  };
  const same = (line: number) => line;
  switch (kind) {
    case 'bracket': {
      const row = pick((line) => /\S/.test(line) && !/^\s*#/.test(line));
      if (row === undefined) return undefined;
      const line = lines[row] ?? '';
      const closers = [...line.matchAll(/[)\]}]/g)].map(({ index }) => index);
      const closer = closers[Math.floor(random() * closers.length)];
      const at = Math.floor(random() * (line.length + 1));
      const isRemoval = closer !== undefined && random() < 0.5;
      const broken = isRemoval
        ? line.slice(0, closer) + line.slice(closer + 1)
        : `${line.slice(0, at)}(${line.slice(at)}`;
      return { source: lines.with(row, broken).join('\n'), lineNow: same };
    }
    case 'quote': {
      const row = pick((line) => /['"]/.test(line));
      if (row === undefined) return undefined;
      const line = lines[row] ?? '';
      const quotes = [...line.matchAll(/['"]/g)].map(({ index }) => index);
      const at = quotes[Math.floor(random() * quotes.length)] ?? 0;
      return { source: lines.with(row, line.slice(0, at) + line.slice(at + 1)).join('\n'), lineNow: same };
    }
    case 'indent': {
      const row = pick((line) => /^\s*[A-Za-z]/.test(line));
      if (row === undefined) return undefined;
      const line = lines[row] ?? '';
      const broken = /^\s/.test(line) && random() < 0.5 ? line.replace(/^\s{1,3}/, '') : `   ${line}`;
      return { source: lines.with(row, broken).join('\n'), lineNow: same };
    }
    case 'half line': {
      const row = pick((line) => line.trim().length > 3 && !/^\s*#/.test(line));
      if (row === undefined) return undefined;
      const line = lines[row] ?? '';
      return { source: lines.with(row, line.slice(0, Math.ceil(line.length / 2))).join('\n'), lineNow: same };
    }
    case 'merge mark': {
      const row = Math.floor(random() * lines.length);
      const middle = Math.min(lines.length, row + 3);
      const broken = [
        ...lines.slice(0, row),
        '<<<<<<< HEAD',
        ...lines.slice(row, middle),
        '=======',
        '>>>>>>> other',
        ...lines.slice(middle),
      ];
      return {
        source: broken.join('\n'),
        lineNow: (line) => (line <= row ? line : line <= middle ? line + 1 : line + 3),
      };
    }
    case 'cut at 80 %': {
      const kept = source.slice(0, Math.floor(source.length * 0.8));
      const lineCount = kept.split('\n').length;
      return { source: kept, lineNow: (line) => (line < lineCount ? line : undefined) };
    }
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
