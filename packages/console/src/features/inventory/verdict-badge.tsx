import type { LibraryRow } from '@sentinel/protocol';
import { Badge, type Tone } from '../../ui/badge.tsx';

type Verdict = NonNullable<LibraryRow['verdict']>;

const KIND_WORDS: Record<Verdict['kind'], string> = {
  vulnerable: 'vulnerable',
  malicious: 'malicious',
  squat: 'imitates another name',
  'unknown-name': 'unknown name',
};
const ADVISORIES_SHOWN = 2;

/** What is wrong with a version: how bad, by which advisories, and what mends it. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict | undefined }) {
  if (verdict === undefined) return <span className="muted">nothing known</span>;
  const { kind, severity, advisories, fixedIn, isKnownExploited, resembles } = verdict;
  const rest = advisories.length - ADVISORIES_SHOWN;
  return (
    <>
      <Badge tone={toneOf(verdict)}>
        {kind === 'vulnerable' ? `${severity}, ${KIND_WORDS[kind]}` : KIND_WORDS[kind]}
        {isKnownExploited ? ', exploited' : ''}
      </Badge>
      <span className="cell-sub" title={advisories.join('\n')}>
        {[
          advisories.slice(0, ADVISORIES_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : ''),
          fixedIn === undefined ? '' : `fixed in ${fixedIn}`,
          resembles === undefined ? '' : `resembles ${resembles}`,
        ]
          .filter((part) => part !== '')
          .join('; ')}
      </span>
    </>
  );
}

function toneOf({ kind, severity, isKnownExploited }: Verdict): Tone {
  if (kind === 'malicious' || isKnownExploited || severity === 'critical' || severity === 'high') return 'bad';
  return kind === 'unknown-name' || severity === 'low' ? 'neutral' : 'warn';
}
