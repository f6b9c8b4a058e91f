import type { FactValue } from '../evaluate.ts';

/** Seeded random numbers: the same seed gives the same test. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Whole number from 0 up to, not including, the bound. Source: mulberry32. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) % 4_294_967_296) % bound;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const WORDS = [
  'a',
  'A',
  'b',
  '/a',
  '/a/b',
  '/A/b.csv',
  'x.CSV',
  'C:\\a\\B',
  'example.org',
  'www.Example.org.',
  'é',
  'Éa',
  '𝄞',
  '',
  '%',
  "it's",
  '10.1.2.3',
  'fd00::1',
  '\t',
  '\\n',
];
const GLOBS = ['*', '**', '/a/*', '**/b*', '/a/**', '?', '*.csv', '/A/**/b', 'c:/**', 'é*', '**/'];
const NETS = ['10.0.0.0/8', 'fd00::/8', '0.0.0.0/0', '10.1.2.3'];
const DOMAINS = ['example.org', 'org', 'a', '10.1.2.3'];

/** Facts that the random conditions ask about; all are facts of http.request. */
export const FACTS = {
  texts: ['server.address', 'url.template', 'script.path', 'http.request.method'],
  numbers: ['activity.count', 'activity.bytes_out', 'time.minute', 'run.sum.db.query.rows'],
  truths: ['run.is_scheduled', 'run.is_interactive'],
  lists: ['data.labels', 'endpoint.groups'],
} as const;

/** A random condition over those facts. */
export function randomCondition(dice: Dice, depth = 3): string {
  const kind = depth === 0 ? 0 : dice.below(6);
  if (kind === 1) return `!(${randomCondition(dice, depth - 1)})`;
  if (kind === 2 || kind === 3)
    return `(${randomCondition(dice, depth - 1)} ${kind === 2 ? '&&' : '||'} ${randomCondition(dice, depth - 1)})`;
  return randomQuestion(dice);
}

function randomQuestion(dice: Dice): string {
  const text = (word: string) => JSON.stringify(word);
  const words = () => Array.from({ length: 1 + dice.below(3) }, () => text(dice.pick(WORDS))).join(', ');
  switch (dice.below(12)) {
    case 0:
      return `${dice.pick(FACTS.texts)} ${dice.pick(['==', '!='])} ${text(dice.pick(WORDS))}`;
    case 1:
      return `${dice.pick(FACTS.texts)} in [${words()}]`;
    case 2:
      return `${dice.pick(FACTS.texts)}.${dice.pick(['startsWith', 'endsWith', 'contains'])}(${words()})`;
    case 3:
      return `${dice.pick(FACTS.texts)}.lower().${dice.pick(['startsWith', 'endsWith', 'contains'])}(${text(dice.pick(WORDS.filter((word) => !/[A-Z]/.test(word))))})`;
    case 4:
      return `${dice.pick(FACTS.texts)}.glob(${text(dice.pick(GLOBS))}, ${text(dice.pick(GLOBS))})`;
    case 5:
      return `${dice.pick(FACTS.texts)}.under(${text(dice.pick(DOMAINS))})`;
    case 6:
      return `${dice.pick(FACTS.texts)}.inNet(${text(dice.pick(NETS))})`;
    case 7:
      return `${number(dice)} ${dice.pick(['==', '!=', '<', '<=', '>', '>='])} ${dice.below(5)}`;
    case 8:
      return dice.pick(FACTS.truths);
    case 9:
      return `${dice.pick(FACTS.lists)}.exists(x, x == ${text(dice.pick(WORDS))} || x.startsWith(${text(dice.pick(WORDS))}))`;
    case 10:
      return `has(${dice.pick([...FACTS.texts, ...FACTS.lists, 'activity.count'])})`;
    default:
      return `${text(dice.pick(WORDS))} in ${dice.pick(FACTS.lists)}`;
  }
}

function number(dice: Dice): string {
  const name = dice.pick(FACTS.numbers);
  if (name.startsWith('run.sum')) return 'run.sum("db.query", "rows")';
  return dice.below(4) === 0 ? `${dice.pick(FACTS.lists)}.size()` : name;
}

/** Random facts; about a third are missing. */
export function randomFacts(dice: Dice): Record<string, FactValue> {
  const facts: Record<string, FactValue> = {};
  const isThere = () => dice.below(3) > 0;
  for (const name of FACTS.texts) if (isThere()) facts[name] = dice.pick(WORDS);
  for (const name of FACTS.numbers) if (isThere()) facts[name] = dice.below(6);
  for (const name of FACTS.truths) if (isThere()) facts[name] = dice.below(2) === 0;
  for (const name of FACTS.lists)
    if (isThere()) facts[name] = Array.from({ length: dice.below(4) }, () => dice.pick(WORDS));
  return facts;
}
