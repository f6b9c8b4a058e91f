import type { WeaknessRule } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';

/** Every weakness that Sentinel knows, with its words for people. */
export const CATALOGUE: readonly WeaknessRule[] = basePack().weaknesses;

/** Catalogue by our rule id. */
export const TEXT_OF_RULE: ReadonlyMap<string, WeaknessRule> = new Map(CATALOGUE.map((text) => [text.id, text]));

/** Catalogue by the name of Ruff's rule. */
export const TEXT_OF_RUFF_RULE: ReadonlyMap<string, WeaknessRule> = new Map(
  CATALOGUE.flatMap((text) => (text.ruff === undefined ? [] : [[text.ruff, text] as const])),
);

/** Test of bandit that means the same as a rule of ours. */
export function banditIdOf(ruleId: string): string | undefined {
  return TEXT_OF_RULE.get(ruleId)?.bandit;
}

/** Code that Ruff prints outside preview, such as S602: its numbers follow bandit's. */
export function ruffCodeOf(text: WeaknessRule): string | undefined {
  return text.ruff === undefined ? undefined : text.bandit.replace('B', 'S');
}
