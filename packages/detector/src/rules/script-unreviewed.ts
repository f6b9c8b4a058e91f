import { defineRule } from '../rule.ts';
import { isEmbedded } from '../run/databases.ts';
import { someOf } from '../run/sentence.ts';

/** A script that nobody reviewed, or that was forbidden, and that does something of weight. */
export default defineRule({
  id: 'script-unreviewed',
  title: 'Script without review',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1059.006'],
  controls: ['SOX:ITGC-CM', 'ISO27001:A.8.32'],
  misses:
    'Without the state of the script nothing is judged. Unreviewed scripts that touch no business data stay unmentioned.',
  references: ['https://attack.mitre.org/techniques/T1059/006/'],
  find: (view) => {
    const { sanction } = view.context.script;
    if (sanction !== 'unreviewed' && sanction !== 'unsanctioned' && sanction !== 'retired') return [];
    const weighty = [
      ...view.ofType('com.call'),
      ...view.sources
        .filter(({ kind, labels, activity }) => labels.length > 0 || (kind === 'database' && !isEmbedded(activity)))
        .map(({ activity }) => activity),
      ...view.sinks.map(({ activity }) => activity),
    ];
    if (sanction === 'unreviewed' && weighty.length === 0) return [];
    const words = {
      unreviewed: 'which nobody has reviewed, worked with business data',
      unsanctioned: 'which was forbidden, ran',
      retired: 'which was retired, still ran',
    };
    return [
      {
        subject: sanction,
        sentence: `The script ${view.run.script.name}, ${words[sanction]} on the account of ${view.run.user.name}.`,
        evidence:
          weighty.length > 0
            ? someOf([...new Set(weighty)], 3).map((activity) => view.evidence(activity, 'business data'))
            : [{ runId: view.run.id, note: 'the run' }],
        ...(sanction === 'unreviewed' ? {} : { severity: 'high' as const }),
      },
    ];
  },
});
