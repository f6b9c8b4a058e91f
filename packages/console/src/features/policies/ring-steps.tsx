import { POLICY_RINGS, type PolicyVersionRow } from '@sentinel/protocol';
import { CheckIcon } from './check-icon.tsx';

interface Step {
  readonly text: string;
  readonly state: 'done' | 'now' | 'later';
}

/** The way of a version from draft to force, with where it is now. */
export function RingSteps({ version }: { readonly version: PolicyVersionRow }) {
  const steps = stepsOf(version);
  if (steps === undefined) return null;
  return (
    <ol className="ring-steps" aria-label="Way of this version">
      {steps.map(({ text, state }) => (
        <li key={text} className={`ring-step ring-step--${state}`} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="ring-step__mark">{state === 'done' ? <CheckIcon /> : null}</span>
          {text}
          <span className="visually-hidden">{state === 'done' ? ', done' : state === 'later' ? ', to come' : ''}</span>
        </li>
      ))}
    </ol>
  );
}

function stepsOf({ stage, percent, mode }: PolicyVersionRow): Step[] | undefined {
  const way = [
    { stage: 'draft', percent: 0, text: 'Draft' },
    { stage: 'simulated', percent: 0, text: 'Simulated' },
    { stage: 'shadow', percent: 0, text: 'Shadow' },
    ...(mode === 'enforce' ? POLICY_RINGS.map((ring) => ({ stage: 'rollout', percent: ring, text: `${ring} %` })) : []),
    { stage: 'enforced', percent: 100, text: mode === 'enforce' ? 'In force' : 'In force, reports only' },
  ];
  const at = way.findIndex((one) => one.stage === stage && (stage !== 'rollout' || one.percent === percent));
  if (at < 0) return undefined;
  return way.map(({ text }, index) => ({ text, state: index < at ? 'done' : index === at ? 'now' : 'later' }));
}
