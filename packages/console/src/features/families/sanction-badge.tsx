import type { Sanction } from '@sentinel/protocol';
import { Badge, type Tone } from '../../ui/badge.tsx';

const TONES: Readonly<Record<Sanction, Tone>> = {
  unreviewed: 'warn',
  monitored: 'neutral',
  sanctioned: 'ok',
  unsanctioned: 'bad',
  retired: 'neutral',
};

/** Whether a company lets a script be, in a word. */
export function SanctionBadge({ sanction, isStated }: { readonly sanction: Sanction; readonly isStated: boolean }) {
  return (
    <Badge tone={TONES[sanction]} title={isStated ? 'A person decided so' : "By the company's rules"}>
      {sanction}
    </Badge>
  );
}
