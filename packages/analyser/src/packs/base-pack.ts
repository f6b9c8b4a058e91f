import { readFileSync } from 'node:fs';
import { RulePack } from '@sentinel/protocol';

let base: RulePack | undefined;

/** The rules and weights that ship with Sentinel. */
export function basePack(): RulePack {
  base ??= RulePack.parse(JSON.parse(readFileSync(new URL('../../packs/base.json', import.meta.url), 'utf8')));
  return base;
}
