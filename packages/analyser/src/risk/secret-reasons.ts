import type { Analysis } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import type { Reason } from './reason.ts';

/** Rules that know a credential by its context only, not by the format of a provider. */
const BY_CONTEXT = /^secret-(?:default|in-\w+|compared|assigned|argument|typed|sap-logon|login|generic|tuple|text)/;

/** Points of credentials in the source; placeholders give none. */
export function secretReasons({ secrets }: Analysis): Reason[] {
  const { liveKey, password } = basePack().points.secrets;
  // The same value in several places is one credential.
  const seen = new Set<string>();
  return secrets.flatMap(({ ruleId, title, tier, score, fingerprint, place }): Reason[] => {
    if (tier === 'info' || seen.has(fingerprint)) return [];
    seen.add(fingerprint);
    const isLiveKey = tier === 'high' && !BY_CONTEXT.test(ruleId);
    return [
      {
        ruleId,
        reason: `credential in the source: ${title}`,
        weight: isLiveKey ? liveKey : password * Math.max(score, 0.5),
        place,
        ...(isLiveKey ? { floor: basePack().risk.floors.liveKey } : {}),
      },
    ];
  });
}
