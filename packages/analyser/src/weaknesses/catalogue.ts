import { CRYPTOGRAPHY } from './catalogue/cryptography.ts';
import { DESERIALISATION } from './catalogue/deserialisation.ts';
import { EXECUTION } from './catalogue/execution.ts';
import { FILES_AND_WEB } from './catalogue/files-and-web.ts';
import { TRANSPORT } from './catalogue/transport.ts';
import type { WeaknessText } from './weakness-rule.ts';

/** Every weakness that Sentinel knows, with its words for people. */
export const CATALOGUE: readonly WeaknessText[] = [
  ...EXECUTION,
  ...DESERIALISATION,
  ...CRYPTOGRAPHY,
  ...TRANSPORT,
  ...FILES_AND_WEB,
];

/** Catalogue by our rule id. */
export const TEXT_OF_RULE: ReadonlyMap<string, WeaknessText> = new Map(CATALOGUE.map((text) => [text.id, text]));

/** Catalogue by the name of Ruff's rule. */
export const TEXT_OF_RUFF_RULE: ReadonlyMap<string, WeaknessText> = new Map(
  CATALOGUE.flatMap((text) => (text.ruff === undefined ? [] : [[text.ruff, text] as const])),
);

/** Test of bandit that means the same as a rule of ours. */
export function banditIdOf(ruleId: string): string | undefined {
  return TEXT_OF_RULE.get(ruleId)?.bandit;
}

/** Code that Ruff prints outside preview, such as S602: its numbers follow bandit's. */
export function ruffCodeOf(text: WeaknessText): string | undefined {
  return text.ruff === undefined ? undefined : text.bandit.replace('B', 'S');
}
