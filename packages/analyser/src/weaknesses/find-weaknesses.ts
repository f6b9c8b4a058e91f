import type { Weakness } from '@sentinel/protocol';
import { lineAt, parsePython, type SyntaxTree } from '../parse.ts';
import { ruffCodeOf, TEXT_OF_RUFF_RULE, TEXT_OF_RULE } from './catalogue.ts';
import { repairSource } from './repair-source.ts';
import { type RuffResult, runRuff } from './ruff-engine.ts';
import { OWN_RULES } from './rules/index.ts';
import { SourceFacts } from './source-facts.ts';
import { findSuppressions, isSuppressed, type Suppressions } from './suppressions.ts';
import type { Sighting } from './weakness-rule.ts';

/** How to look for weaknesses. */
export interface WeaknessOptions {
  /** The tree, where the caller has it already; `none` where there can be none. */
  readonly tree?: SyntaxTree | 'none';
  /** Whether `# nosec` comments of the author count; they do unless this is false. */
  readonly honoursSuppressions?: boolean;
}

/** What was found, and what could not be looked at. */
export interface WeaknessResult {
  readonly weaknesses: readonly Weakness[];
  readonly failures: readonly string[];
}

/** More of them say nothing new of one source. */
const MAX_WEAKNESSES = 2_000;
/** Bound on the work for hostile sources. */
const MAX_SIGHTINGS = 4_000;

/**
 * Insecure patterns of a Python source, by line. `loadParser` must have been awaited before; line ends must be LF.
 *
 * Ruff sees most of them. A source that does not parse is given to it again with the broken statements repaired or
 * taken out; where Ruff gives up, the most important rules are looked for in the syntax tree. Never throws.
 */
export function findWeaknesses(source: string, options: WeaknessOptions = {}): WeaknessResult {
  const failures: string[] = [];
  const attempt = <T>(part: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      failures.push(`${part}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };

  const known = options.tree === 'none' ? undefined : options.tree;
  const ruff = attempt('weaknesses by Ruff', () => runRuffOnAnything(source, failures, known?.depth));
  const isPartial = ruff === undefined || ruff.syntaxErrorLines.length > 0;
  const rules = OWN_RULES.filter(
    ({ runs, hints }) => (runs === 'always' || isPartial) && hints.some((hint) => source.includes(hint)),
  );
  const needsTree = known !== undefined || rules.length > 0 || /nosec/i.test(source);
  const tree =
    needsTree && options.tree !== 'none' ? (known ?? attempt('syntax tree', () => parsePython(source))) : undefined;
  const facts = tree === undefined ? undefined : new SourceFacts(tree);

  const found = new Found(
    tree !== undefined && options.honoursSuppressions !== false && facts !== undefined
      ? findSuppressions(facts, tree)
      : new Map(),
  );
  const sightings = ruff?.sightings ?? [];
  if (sightings.length > MAX_SIGHTINGS) failures.push(`weaknesses by Ruff: the first ${MAX_SIGHTINGS} sightings kept`);
  for (const { rule, line, endLine, column } of sightings.slice(0, MAX_SIGHTINGS)) {
    const text = TEXT_OF_RUFF_RULE.get(rule);
    if (text === undefined) failures.push(`weaknesses by Ruff: rule ${rule} is not known here`);
    else found.add(text.id, ruffCodeOf(text), { line, endLine, column });
  }
  if (facts !== undefined && tree !== undefined) {
    for (const rule of rules) {
      attempt(`rule ${rule.id}`, () => {
        for (const sighting of rule.find(facts))
          found.add(sighting.ruleId, undefined, placeOf(tree, sighting), sighting);
      });
    }
  }
  const weaknesses = found.all();
  if (weaknesses.length > MAX_WEAKNESSES) {
    failures.push(`weaknesses: ${weaknesses.length} found, the first ${MAX_WEAKNESSES} kept`);
  }
  return { weaknesses: weaknesses.slice(0, MAX_WEAKNESSES), failures: [...new Set(failures)] };
}

/** Ruff on the source; on a repaired copy where the source does not parse. Repairing keeps the lines. */
function runRuffOnAnything(source: string, failures: string[], depth?: number): RuffResult {
  const first = runRuff(source, depth);
  if (first.syntaxErrorLines.length === 0) return first;
  let repaired = first;
  try {
    repaired = repairSource(source, runRuff);
  } catch {
    // The repaired copy was too much for the engine: what it said of the source still holds.
  }
  if (repaired.syntaxErrorLines.length > 0) {
    failures.push(
      'weaknesses by Ruff: the source does not parse and could not be repaired; the main rules still looked',
    );
  }
  return { ...repaired, syntaxErrorLines: first.syntaxErrorLines };
}

interface Lines {
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
}

function placeOf(tree: SyntaxTree, { node }: Sighting): Lines {
  const line = lineAt(tree.lineStarts, node.start);
  const endLine = lineAt(tree.lineStarts, Math.max(node.start, node.end - 1));
  return { line, endLine, column: node.start - (tree.lineStarts[line - 1] ?? 0) };
}

/** Collects weaknesses, each once: two sightings of one rule on common lines are one when two engines made them. */
class Found {
  readonly #suppressions: Suppressions;
  readonly #byRule = new Map<string, Weakness[]>();
  /** Lines on which Ruff saw a rule. */
  readonly #engineLines = new Map<string, Set<number>>();

  constructor(suppressions: Suppressions) {
    this.#suppressions = suppressions;
  }

  add(ruleId: string, engineRule: string | undefined, place: Lines, changes: Partial<Sighting> = {}): void {
    const text = TEXT_OF_RULE.get(ruleId);
    if (text === undefined) throw new Error(`${ruleId} is not in the catalogue`);
    if (isSuppressed(this.#suppressions, text.bandit, place.line, place.endLine)) return;
    const same = this.#byRule.get(ruleId) ?? [];
    const engineLines = this.#engineLines.get(ruleId) ?? new Set();
    if (engineRule === undefined && linesOf(place).some((line) => engineLines.has(line))) return;
    if (engineRule !== undefined) {
      for (const line of linesOf(place)) engineLines.add(line);
      this.#engineLines.set(ruleId, engineLines);
    }
    // Without the import Ruff cannot tell that a call is one of subprocess; our own rule can.
    if (ruleId === 'weak-subprocess-shell' && engineRule === undefined) this.#drop('weak-call-shell', place);
    same.push({
      ruleId,
      ...(engineRule === undefined ? {} : { engineRule }),
      title: text.title,
      severity: changes.severity ?? text.severity,
      confidence: changes.confidence ?? text.confidence,
      cwe: text.cwe,
      advice: text.advice,
      place: { line: place.line, endLine: place.endLine, column: place.column },
    });
    this.#byRule.set(ruleId, same);
  }

  all(): Weakness[] {
    return [...this.#byRule.values()]
      .flat()
      .sort((a, b) => a.place.line - b.place.line || (a.place.column ?? 0) - (b.place.column ?? 0) || order(a, b));
  }

  #drop(ruleId: string, place: Lines): void {
    const known = this.#byRule.get(ruleId);
    if (known !== undefined)
      this.#byRule.set(
        ruleId,
        known.filter((other) => !overlap(other, place)),
      );
  }
}

/** Lines of a place; of a very long one the first. */
function linesOf({ line, endLine }: Lines): number[] {
  return Array.from({ length: Math.min(endLine - line + 1, 200) }, (_, index) => line + index);
}

function overlap({ place }: Weakness, { line, endLine }: Lines): boolean {
  return place.line <= endLine && place.endLine >= line;
}

function order(a: Weakness, b: Weakness): number {
  return a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0;
}
