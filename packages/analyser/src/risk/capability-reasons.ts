import type { Analysis } from '@sentinel/protocol';
import type { Reason } from './reason.ts';

/** Points by the beginning of a capability's name, the first that fits; what is not named gives none. */
const WEIGHTS: readonly (readonly [RegExp, number, string])[] = [
  [
    /^(?:input\.capture|keylog|screenshot|screen\.capture|camera|audio|network\.sniff)/,
    10,
    'can watch people: screen, keys, camera or microphone',
  ],
  [/^(?:dynamic_code|code\.dynamic)/, 8, 'runs code that it makes at run time'],
  [/^deserialise/, 5, 'loads objects from data'],
  [/^gui\.sap/, 6, 'drives SAP through its screens'],
  [/^(?:gui\.|com\.|browser\.automation)/, 5, 'drives other programs through their screens'],
  [/^secret_store/, 5, 'reads stored credentials'],
  [/^(?:mail\.)/, 4, 'reads or sends mail'],
  [/^llm(?!\.local)/, 4, 'sends text to a language model'],
  [/^(?:files\.delete)/, 4, 'deletes files'],
  [/^(?:process|registry|network\.ssh|network\.socket|network\.server)/, 4, 'starts programs or opens the machine'],
  [/^(?:cloud\.|messaging|network\.ftp)/, 3, 'talks to a cloud or a messenger'],
  [/^(?:db|clipboard)/, 3, 'reads a database or the clipboard'],
  [/^(?:network\.)/, 2, 'talks to the network'],
];
const UNRESOLVED = 2;

/** Points of what the code could do; the way it does it counts elsewhere. */
export function capabilityReasons({ capabilities, unresolved, parse }: Analysis): Reason[] {
  const reasons = capabilities.flatMap(({ id, evidence }): Reason[] => {
    const found = WEIGHTS.find(([pattern]) => pattern.test(id));
    if (found === undefined) return [];
    const [, weight, reason] = found;
    const place = evidence[0];
    return [{ ruleId: id, reason, weight: weight * 0.9, ...(place === undefined ? {} : { place }) }];
  });
  // What could not be understood is never silently clean.
  if (parse === 'failed')
    reasons.push({ ruleId: 'not-analysed', reason: 'the source could not be analysed', weight: UNRESOLVED });
  else if (unresolved.calls > 0)
    reasons.push({
      ruleId: 'unresolved',
      reason: `${unresolved.calls} calls could not be resolved`,
      weight: Math.min(UNRESOLVED, unresolved.calls * 0.1),
    });
  return reasons;
}
