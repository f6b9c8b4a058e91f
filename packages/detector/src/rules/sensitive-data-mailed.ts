import { defineRule } from '../rule.ts';
import { matchOf, sentData } from '../run/sent-data.ts';

/** Labelled data read, then mail sent to people outside the company. */
export default defineRule({
  id: 'sensitive-data-mailed',
  title: 'Sensitive data mailed outside',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1048.003'],
  controls: ['ISO27001:A.8.12', 'GDPR:32', 'SOC2:CC6.7'],
  misses:
    'Without the own mail domains only private mailboxes count as outside. What was mailed is not compared with what was read.',
  references: ['https://attack.mitre.org/techniques/T1048/003/'],
  find: (view) => sentData(view, 'mail').map((sent) => matchOf(view, sent, 'mailed')),
});
