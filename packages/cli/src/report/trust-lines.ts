import type { TrustReport } from '@sentinel/protocol';
import { countOf } from './quantities.ts';

/** Lines on policies in force, and on what was refused or is missing. */
export function trustLines(report: TrustReport, isChannelOpen: boolean): [string, string][] {
  const lines: [string, string][] = [
    ['Policies', `${policyOf(report)}${isChannelOpen ? ', changes come at once' : ''}`],
  ];
  const refused = [
    report.bundlesRefused > 0 ? countOf(report.bundlesRefused, 'bundle') : '',
    report.actionsRefused > 0 ? countOf(report.actionsRefused, 'action') : '',
  ].filter((part) => part !== '');
  if (refused.length > 0) lines.push(['Refused', `${refused.join(', ')}; ${report.lastRefusal ?? ''}`]);
  const missing = [
    report.canariesMissed > 0 ? `${countOf(report.canariesMissed, 'canary', 'canaries')} not reported` : '',
    report.probesDamaged > 0 ? `${countOf(report.probesDamaged, 'file')} of the probe lost` : '',
    report.recordGaps > 0 ? `${countOf(report.recordGaps, 'record')} gone before the run ended` : '',
    (report.probesFlooded ?? 0) > 0 ? `${countOf(report.probesFlooded ?? 0, 'flood')} of a probe throttled` : '',
  ].filter((part) => part !== '');
  if (missing.length > 0) lines.push(['Missing', missing.join(', ')]);
  return lines;
}

function policyOf({ hasOperatorKeys, policyVersion, isPolicyStale, mode }: TrustReport): string {
  if (!hasOperatorKeys) return 'none: no operators are known here';
  if (policyVersion === undefined) return 'none yet';
  return `version ${policyVersion}${isPolicyStale ? ', past its date' : ''}${mode === 'monitor' ? ', reports only' : ''}`;
}
