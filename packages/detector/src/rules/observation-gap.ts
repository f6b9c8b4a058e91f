import { defineRule } from '../rule.ts';
import { countOf, someOf } from '../run/sentence.ts';

/** A run that was not seen in full. */
export default defineRule({
  id: 'observation-gap',
  title: 'Run not seen in full',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1562.006'],
  controls: ['ISO27001:A.8.15'],
  misses: 'Runs that the probe never got into: coverage counts those.',
  references: ['https://attack.mitre.org/techniques/T1562/006/'],
  find: (view) => {
    const { probe, exitRoute } = view.run;
    const faults = view.ofType('probe.error');
    const reasons = [
      ...(probe.dropped > 0 ? [`${countOf(probe.dropped, 'activity', 'activities')} could not be kept`] : []),
      ...(probe.errors > 0 ? [`the probe survived ${countOf(probe.errors, 'fault')} of its own`] : []),
      ...(exitRoute === 'vanished' ? ['the process disappeared without an end'] : []),
    ];
    if (reasons.length === 0) return [];
    return [
      {
        subject: exitRoute === 'vanished' ? 'vanished' : probe.dropped > 0 ? 'dropped' : 'errors',
        sentence: `The run was not seen in full: ${reasons.join(', ')}.`,
        evidence:
          faults.length > 0
            ? someOf(faults).map((activity) => view.evidence(activity, 'fault of the probe'))
            : [{ runId: view.run.id, note: reasons.join(', ') }],
      },
    ];
  },
});
