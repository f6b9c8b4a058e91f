import type { EndpointSignalKind, TrustReport } from '@sentinel/protocol';
import type { EndpointSignal } from '../store/endpoint-signal.ts';

const COUNTED = [
  ['bundlesRefused', 'bundle-refused'],
  ['actionsRefused', 'action-refused'],
  ['canariesMissed', 'canary-missed'],
  ['probesDamaged', 'probe-damaged'],
  ['recordGaps', 'record-gap'],
  ['probesFlooded', 'probe-flooded'],
] as const satisfies readonly (readonly [keyof TrustReport, EndpointSignalKind])[];

/** What changed between two reports of a guard that somebody should know of. Counters that went back began anew. */
export function guardSignals(
  before: TrustReport | undefined,
  now: TrustReport,
  policyVersionBefore: number | undefined,
): EndpointSignal[] {
  const signals: EndpointSignal[] = [];
  for (const [counter, kind] of COUNTED) {
    const told = before?.[counter] ?? 0;
    const tells = now[counter] ?? 0;
    const count = tells >= told ? tells - told : tells;
    if (count === 0) continue;
    const isRefusal = kind === 'bundle-refused' || kind === 'action-refused';
    signals.push({ kind, count, detail: (isRefusal ? now.lastRefusal : undefined) ?? `${kind} ${count}` });
  }
  if (policyVersionBefore !== undefined && (now.policyVersion ?? 0) < policyVersionBefore)
    signals.push({
      kind: 'policy-went-back',
      count: 1,
      detail: `version ${policyVersionBefore} was in force, now ${now.policyVersion ?? 'none'}`,
    });
  return signals;
}
