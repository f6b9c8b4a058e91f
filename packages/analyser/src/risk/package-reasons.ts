import type { Analysis, PackageVerdict } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import type { Reason } from './reason.ts';

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
  const { packages: points } = basePack().points;
  switch (kind) {
    case 'malicious':
      return {
        reason: `uses ${name}, known as malicious`,
        weight: points.malicious,
        floor: basePack().risk.floors.malicious,
      };
    case 'squat':
      return { reason: `uses ${name}, a name close to ${resembles ?? 'a known one'}`, weight: points.squat };
    case 'unknown-name':
      return { reason: `uses ${name}, a name that no index knows`, weight: points.unknownName };
    case 'vulnerable': {
      const fix = fixedIn === undefined ? 'no fixed version is known' : `fixed in ${fixedIn}`;
      const exploited = isKnownExploited ? ', known to be exploited' : '';
      return {
        reason: `uses ${name} with a ${severity} vulnerability${exploited} (${fix})`,
        weight: isKnownExploited ? points.knownExploited : points[severity],
      };
    }
    default:
      return kind satisfies never;
  }
}
