import type { Analysis, PackageVerdict } from '@sentinel/protocol';
import type { Reason } from './reason.ts';

const MALICIOUS_FLOOR = 90;
const BY_SEVERITY = { critical: 14, high: 8, medium: 4, low: 1 } as const;
const KNOWN_EXPLOITED = 20;

/** Points of packages that are vulnerable, malicious or not what they seem. */
export function packageReasons({ verdicts }: Analysis): Reason[] {
  return verdicts.map((verdict) => {
    const name = verdict.version === undefined ? verdict.distribution : `${verdict.distribution} ${verdict.version}`;
    const ruleId = verdict.advisories[0] ?? `package-${verdict.kind}`;
    return { ruleId, ...judge(verdict, name) };
  });
}

function judge(
  { kind, severity, isKnownExploited, fixedIn, resembles }: PackageVerdict,
  name: string,
): Omit<Reason, 'ruleId'> {
  switch (kind) {
    case 'malicious':
      return { reason: `uses ${name}, known as malicious`, weight: 25, floor: MALICIOUS_FLOOR };
    case 'squat':
      return { reason: `uses ${name}, a name close to ${resembles ?? 'a known one'}`, weight: 18 };
    case 'unknown-name':
      return { reason: `uses ${name}, a name that no index knows`, weight: 6 };
    case 'vulnerable': {
      const fix = fixedIn === undefined ? 'no fixed version is known' : `fixed in ${fixedIn}`;
      const exploited = isKnownExploited ? ', known to be exploited' : '';
      return {
        reason: `uses ${name} with a ${severity} vulnerability${exploited} (${fix})`,
        weight: isKnownExploited ? KNOWN_EXPLOITED : BY_SEVERITY[severity],
      };
    }
    default:
      return kind satisfies never;
  }
}
