import { defineRule } from '../rule.ts';
import { groupBy } from '../run/activity-facts.ts';
import { bytesOf, someOf } from '../run/sentence.ts';

/** Something written into a personal cloud, whatever it was. */
export default defineRule({
  id: 'personal-cloud-write',
  title: 'Written to a personal cloud',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1567.002'],
  controls: ['ISO27001:A.8.12'],
  misses:
    'Sync folders that were renamed. Silent where the data is known to be sensitive: another finding says so then.',
  references: ['https://attack.mitre.org/techniques/T1567/002/'],
  find: (view) => {
    if (view.sources.some(({ labels }) => labels.length > 0)) return [];
    const sinks = view.sinks.filter(({ kind }) => kind === 'personal-cloud');
    return [...groupBy(sinks, ({ subject }) => subject)].map(([subject, group]) => ({
      subject,
      sentence: `The script put ${bytesOf(group.reduce((sum, { bytes }) => sum + bytes, 0))} into ${group[0].name}, which the company does not govern.`,
      evidence: someOf(group).map(({ activity, bytes }) => view.evidence(activity, bytesOf(bytes))),
    }));
  },
});
