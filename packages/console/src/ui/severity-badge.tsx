import type { Severity } from '@sentinel/protocol';
import { Badge, type Tone } from './badge.tsx';

const TONES: Readonly<Record<Severity, Tone>> = { low: 'neutral', medium: 'warn', high: 'bad', critical: 'bad' };

/** How bad something is, in a word. */
export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  return <Badge tone={TONES[severity]}>{severity}</Badge>;
}
