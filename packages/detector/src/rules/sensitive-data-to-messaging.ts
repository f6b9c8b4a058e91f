import { defineRule } from '../rule.ts';
import { matchOf, sentData } from '../run/sent-data.ts';

/** Labelled data read, then something sent to a chat service. */
export default defineRule({
  id: 'sensitive-data-to-messaging',
  title: 'Sensitive data to a messenger',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1567.004'],
  controls: ['ISO27001:A.8.12', 'GDPR:32', 'SOC2:CC6.7'],
  misses: 'Chat services that are not in the list. What was sent is not compared with what was read.',
  references: ['https://attack.mitre.org/techniques/T1567/004/'],
  find: (view) => sentData(view, 'messaging').map((sent) => matchOf(view, sent, 'sent')),
});
