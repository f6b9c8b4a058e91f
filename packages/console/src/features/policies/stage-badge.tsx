import type { PolicyStage, PolicyVersionRow } from '@sentinel/protocol';
import { Badge, type Tone } from '../../ui/badge.tsx';

/** Words for stages. */
export const STAGE_WORDS: Readonly<Record<PolicyStage, string>> = {
  draft: 'Draft',
  simulated: 'Simulated',
  shadow: 'Shadow',
  rollout: 'Rollout',
  enforced: 'In force',
  superseded: 'Superseded',
  withdrawn: 'Withdrawn',
};
const TONES: Readonly<Record<PolicyStage, Tone>> = {
  draft: 'neutral',
  simulated: 'neutral',
  shadow: 'live',
  rollout: 'live',
  enforced: 'ok',
  superseded: 'neutral',
  withdrawn: 'neutral',
};

/** Where a version stands, with its ring. */
export function StageBadge({ version }: { readonly version: PolicyVersionRow }) {
  const { stage, percent, mode } = version;
  const more =
    stage === 'rollout' ? ` ${percent} %` : stage === 'enforced' && mode === 'monitor' ? ', reports only' : '';
  return (
    <Badge tone={TONES[stage]}>
      {STAGE_WORDS[stage]}
      {more}
    </Badge>
  );
}

/** Whether a version on its way does as expected. */
export function HealthBadge({ version }: { readonly version: PolicyVersionRow | undefined }) {
  const health = version?.health;
  if (health === undefined) return <span className="muted">–</span>;
  return (
    <Badge tone={health.isHealthy ? 'ok' : 'bad'} title={health.breaches.join(' ')}>
      {health.isHealthy ? 'Healthy' : 'Not healthy'}
    </Badge>
  );
}
