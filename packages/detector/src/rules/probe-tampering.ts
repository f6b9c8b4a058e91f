import { defineRule } from '../rule.ts';
import { textOf } from '../run/activity-facts.ts';
import { namesOf, someOf } from '../run/sentence.ts';

/** A run that reached for what observes it. */
export default defineRule({
  id: 'probe-tampering',
  title: 'Reach for the probe',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1562.001'],
  controls: ['ISO27001:A.8.15', 'SOC2:CC7.2'],
  misses: 'Code with the same rights can silence the probe before it says so; what then stays is a gap in observation.',
  references: ['https://attack.mitre.org/techniques/T1562/001/'],
  find: (view) => {
    const reached = view.ofType('probe.tamper');
    if (reached.length === 0) return [];
    // Debuggers and test tools look at everything; what user code does by itself is worse.
    const isOwn = reached.some(({ attributes }) => attributes['sentinel.source.libraries'] === undefined);
    const kinds = reached.map((activity) => textOf(activity, 'sentinel.tamper.kind'));
    return [
      {
        subject: [...new Set(kinds)].sort().join(','),
        sentence: `The script reached for the part of Sentinel that observes it (${namesOf(kinds)}); what it did afterwards may not be seen in full.`,
        evidence: someOf(reached).map((activity) => view.evidence(activity, textOf(activity, 'sentinel.tamper.kind'))),
        ...(isOwn ? {} : { severity: 'low' as const, confidence: 'low' as const }),
      },
    ];
  },
});
