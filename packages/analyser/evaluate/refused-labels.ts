/** A label that we do not want to meet, in words that `docs/refused-labels.md` explains. */
interface RefusedLabel {
  readonly set: 'bandit' | 'ruff';
  readonly test: string;
  /** Text of the labelled line. */
  readonly line: RegExp;
}

const REFUSED: readonly RefusedLabel[] = [
  { set: 'bandit', test: 'B105', line: /==\s*(?:''|"")/ },
  { set: 'bandit', test: 'B308', line: /mark_safe\((?:'[^']*'|"[^"]*")\)/ },
  { set: 'ruff', test: 'S110', line: /^\s*except \w+(?:\.\w+)*:/ },
  { set: 'ruff', test: 'S410', line: /lxml/ },
  { set: 'ruff', test: 'S506', line: /BaseLoader|Loader=BL\b/ },
];

/** Whether a label is on the written list of those we refuse. */
export function isRefused(set: RefusedLabel['set'], test: string, line: string): boolean {
  return REFUSED.some((refused) => refused.set === set && refused.test === test && refused.line.test(line));
}
