import { readFileSync } from 'node:fs';

const LONGEST_WORD = 14;

/** Parts of a name that say that somebody made the value up, or that name the thing itself. */
const MADE_UP = new Set(
  (
    'password passwords passwd passwort pass passphrase pwd passw pword secret secrets token tokens key keys apikey ' +
    'example examples sample dummy fake mock demo test tests tester testing tested foo bar baz qux quux spam ham eggs ' +
    'placeholder changeme change replace insert enter your yours mine some any value values string text here todo fixme ' +
    'user username usr login email admin administrator root guest client server default none null empty blank unknown ' +
    'invalid wrong bad incorrect bogus nothing something anything whatever hello world abc abcd abcde abcdef abcdefg def defg ghi ghij jkl mno pqr stu vwx efgh ijkl mnop xyz xxx ' +
    'yyy zzz asdf asdfgh qwerty qwertz lorem ipsum hidden redacted masked removed censored private public access ' +
    'refresh auth bearer oauth credential credentials api app application account service consumer resource owner ' +
    'database host localhost name field data info input prompt required optional undefined true false hash salt nonce ' +
    'verifier code pin basic digest my the new old this that not set unset put add get potato cheese monkey letmein'
  ).split(' '),
);

let words: Set<string> | undefined;

function knownWords(): Set<string> {
  words ??= new Set(
    readFileSync(new URL('./english-words.txt', import.meta.url), 'utf8')
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
  return words;
}

/** Runs of letters of a value, cut at humps as well: `superSecret_9a` gives super, Secret, a. */
export function letterRuns(value: string): string[] {
  return value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[A-Z]/g) ?? [];
}

/** What of a value consists of words. */
export interface WordCover {
  /** Share of its letters that stand in known words, 0 to 1. */
  readonly share: number;
  /** Words that cover it, in lower case. */
  readonly words: readonly string[];
  /** Whether one of the words says that the value is made up, or names the thing itself. */
  readonly isMadeUp: boolean;
}

/** How far known words cover the letters of `value`. */
export function coverByWords(value: string): WordCover {
  let covered = 0;
  let letters = 0;
  const cover: string[] = [];
  for (const piece of value.split(/[^A-Za-z]+/)) {
    if (piece === '') continue;
    letters += piece.length;
    // Humps may be random themselves: the better of the two readings counts.
    const whole = coverRun(piece.toLowerCase());
    const humps = letterRuns(piece).map((run) => coverRun(run.toLowerCase()));
    const ofHumps = humps.reduce((sum, { size }) => sum + size, 0);
    covered += Math.max(whole.size, ofHumps);
    cover.push(...(whole.size >= ofHumps ? whole.words : humps.flatMap(({ words }) => words)));
  }
  return {
    share: letters === 0 ? 0 : covered / letters,
    words: cover,
    isMadeUp: cover.some((word) => MADE_UP.has(word)),
  };
}

/** Whether a lower-case word is a word of the language. */
export function isKnownWord(word: string): boolean {
  return knownWords().has(word);
}

/** Whether a lower-case word says that a value is made up, or names the thing itself. */
export function isMadeUpWord(word: string): boolean {
  return MADE_UP.has(word);
}

/** Most letters of a run that words of three and more letters cover; a run of up to two letters covers nothing. */
function coverRun(run: string): { size: number; words: string[] } {
  if (run.length < 3 || run.length > 60) return { size: 0, words: [] };
  const known = knownWords();
  if (known.has(run) || MADE_UP.has(run)) return { size: run.length, words: [run] };
  const best = new Int16Array(run.length + 1);
  const from = new Int16Array(run.length + 1).fill(-1);
  for (let end = 1; end <= run.length; end += 1) {
    best[end] = best[end - 1] ?? 0;
    for (let size = Math.min(LONGEST_WORD, end); size >= 3; size -= 1) {
      const gain = (best[end - size] ?? 0) + size;
      if (gain <= (best[end] ?? 0)) continue;
      const word = run.slice(end - size, end);
      if (!known.has(word) && !MADE_UP.has(word)) continue;
      best[end] = gain;
      from[end] = end - size;
    }
  }
  const words: string[] = [];
  for (let end = run.length; end > 0; ) {
    const start = from[end] ?? -1;
    if (start >= 0 && (best[end] ?? 0) > (best[end - 1] ?? 0)) {
      words.unshift(run.slice(start, end));
      end = start;
    } else {
      end -= 1;
    }
  }
  return { size: best[run.length] ?? 0, words };
}
