import type { FindingRow } from '@sentinel/protocol';
import { Badge } from '../../ui/badge.tsx';

/** Where a finding stands, in words. */
export function StateBadge({ finding }: { readonly finding: Pick<FindingRow, 'state' | 'acceptedUntil'> }) {
  switch (finding.state) {
    case 'open':
      return <Badge tone="warn">open</Badge>;
    case 'regressed':
      return <Badge tone="bad">came back</Badge>;
    case 'fixed':
      return <Badge tone="ok">fixed</Badge>;
    case 'accepted':
      return <Badge tone="neutral">accepted until {finding.acceptedUntil?.slice(0, 10)}</Badge>;
    default:
      return finding.state satisfies never;
  }
}
