import type { ApprovalState, ScriptApproval } from '@sentinel/protocol';
import { Badge, type Tone } from '../../ui/badge.tsx';

/** Words for states. */
export const STATE_WORDS: Readonly<Record<ApprovalState, string>> = {
  pending: 'Pending',
  approved: 'Approved',
  refused: 'Refused',
  revoked: 'Revoked',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
};
const TONES: Readonly<Record<ApprovalState, Tone>> = {
  pending: 'warn',
  approved: 'ok',
  refused: 'bad',
  revoked: 'bad',
  expired: 'neutral',
  withdrawn: 'neutral',
};

/** What became of a request. */
export function ApprovalBadge({ approval }: { readonly approval: ScriptApproval }) {
  return <Badge tone={TONES[approval.state]}>{STATE_WORDS[approval.state]}</Badge>;
}
