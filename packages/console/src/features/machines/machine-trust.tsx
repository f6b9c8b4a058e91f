import type { EndpointTrust } from '@sentinel/protocol';
import { Badge } from '../../ui/badge.tsx';
import { formatCounted } from '../../ui/format-count.ts';

/** What speaks against a machine's agent, the worst first, and which policies are in force there. */
export function MachineTrust({ trust }: { readonly trust: EndpointTrust | undefined }) {
  if (trust === undefined) return <span className="muted">no key yet</span>;
  const { isCloned, clones, report } = trust;
  if (isCloned)
    return (
      <span
        className="above-row"
        title={`Agents with the same key: ${clones.map(({ hostName }) => hostName).join(', ')}`}
      >
        <Badge tone="bad">Copied</Badge>
      </span>
    );
  if (report === undefined) return <span className="muted">not told yet</span>;
  const refused = report.bundlesRefused + report.actionsRefused;
  const missing = report.canariesMissed + report.probesDamaged + report.recordGaps;
  return (
    <span className="above-row" title={titleOf(report)}>
      {refused > 0 ? <Badge tone="warn">{formatCounted(refused, 'refusal')}</Badge> : null}
      {refused === 0 && missing > 0 ? <Badge tone="warn">{formatCounted(missing, 'sign')} of tampering</Badge> : null}
      {report.isPolicyStale ? <Badge tone="warn">Policy stale</Badge> : null}
      <span className={report.policyVersion === undefined ? 'muted nowrap' : 'nowrap'}> {policyOf(report)}</span>
    </span>
  );
}

function policyOf({ hasOperatorKeys, policyVersion, mode }: NonNullable<EndpointTrust['report']>): string {
  if (!hasOperatorKeys) return 'no operators';
  if (policyVersion === undefined) return 'no policy yet';
  return `policy ${policyVersion}${mode === 'monitor' ? ', reports only' : ''}`;
}

function titleOf(report: NonNullable<EndpointTrust['report']>): string {
  return [
    report.lastRefusal,
    report.canariesMissed > 0 ? `${formatCounted(report.canariesMissed, 'canary', 'canaries')} missed` : undefined,
    report.probesDamaged > 0 ? `${formatCounted(report.probesDamaged, 'probe file')} missing` : undefined,
    report.recordGaps > 0 ? `${formatCounted(report.recordGaps, 'record')} vanished before the run ended` : undefined,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}
