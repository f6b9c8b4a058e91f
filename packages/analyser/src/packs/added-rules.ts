import type { SourcePlace, Weakness } from '@sentinel/protocol';
import { readFormatPack, type SecretFormat } from '../secrets/format-pack.ts';
import { FormatMatcher } from '../secrets/match-formats.ts';
import type { Facts } from '../semantics/facts.ts';
import { NamePatterns } from '../semantics/name-patterns.ts';
import type { RulePacks } from './rule-packs.ts';

/** More sightings of one rule in one source say nothing new. */
const MAX_PLACES = 50;

/** The rules that overlays add, made ready for many sources. */
export interface AddedRules {
  /** Shipped and added formats together; undefined where none is added. */
  readonly formats: FormatMatcher | undefined;
  /** Calls that the company wants told. */
  readonly findCalls: (facts: Facts, placeOf: (offset: number) => SourcePlace) => Weakness[];
}

/** Makes the added rules ready; undefined where there are none. */
export function addedRules(packs: RulePacks): AddedRules | undefined {
  const { calls, secretFormats } = packs;
  if (calls.length === 0 && secretFormats.length === 0) return undefined;
  const patterns = new NamePatterns<(typeof calls)[number]>();
  for (const rule of calls) for (const pattern of rule.calls) patterns.add(pattern, rule);
  return {
    formats:
      secretFormats.length === 0
        ? undefined
        : new FormatMatcher([...readFormatPack().formats, ...secretFormats.map(asFormat)]),
    findCalls(facts, placeOf) {
      const found = new Map<string, Weakness>();
      const counts = new Map<string, number>();
      for (const call of facts.calls) {
        for (const { id, title, severity, confidence, cwe, advice } of new Set(patterns.find(call.name))) {
          const place = placeOf(call.node.start);
          const key = `${id} ${place.cell ?? ''} ${place.line}`;
          const count = (counts.get(id) ?? 0) + 1;
          if (found.has(key) || count > MAX_PLACES) continue;
          counts.set(id, count);
          found.set(key, {
            ruleId: id,
            title,
            severity,
            confidence,
            ...(cwe === undefined ? {} : { cwe }),
            advice,
            place,
          });
        }
      }
      return [...found.values()];
    },
  };
}

function asFormat({
  id,
  title,
  kind,
  anchors,
  pattern,
  entropy,
  tier,
}: RulePacks['secretFormats'][number]): SecretFormat {
  return {
    id,
    title,
    provider: 'company',
    kind,
    anchors,
    pattern,
    entropy,
    ...(tier === undefined ? {} : { tier }),
    source: { title: 'company pack', url: 'https://localhost/' },
    trueCases: [],
    falseCases: [],
  };
}
