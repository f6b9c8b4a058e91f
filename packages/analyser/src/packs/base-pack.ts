import { RulePack } from '@sentinel/protocol';
import { readShippedPack } from './read-shipped-pack.ts';

let base: RulePack | undefined;

/** The rules and weights that ship with Sentinel. */
export function basePack(): RulePack {
  base ??= RulePack.parse(readShippedPack('base.json'));
  return base;
}
