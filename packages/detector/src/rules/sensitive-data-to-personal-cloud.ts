import { defineRule } from '../rule.ts';
import { matchOf, sentData } from '../run/sent-data.ts';

/** Labelled data read, then something written into a personal cloud folder or sent to personal storage. */
export default defineRule({
  id: 'sensitive-data-to-personal-cloud',
  title: 'Sensitive data to a personal cloud',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1567.002'],
  controls: ['ISO27001:A.8.12', 'GDPR:32', 'SOC2:CC6.7'],
  misses:
    'Sync folders that were renamed; data whose place has no label. What was written is not compared with what was read.',
  references: ['https://attack.mitre.org/techniques/T1567/002/'],
  find: (view) => sentData(view, 'personal-cloud').map((sent) => matchOf(view, sent, 'wrote')),
});
