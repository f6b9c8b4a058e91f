import { defineRule } from '../rule.ts';
import { matchOf, sentData } from '../run/sent-data.ts';

/** Labelled data read, then something sent to a host that nobody approved. */
export default defineRule({
  id: 'sensitive-data-to-unknown-host',
  title: 'Sensitive data to an unknown host',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1041'],
  controls: ['ISO27001:A.8.12', 'GDPR:32', 'SOC2:CC6.7'],
  misses: 'Hosts behind an approved name. What was sent is not compared with what was read.',
  references: ['https://attack.mitre.org/techniques/T1041/'],
  find: (view) => sentData(view, 'unknown-host').map((sent) => matchOf(view, sent, 'sent')),
});
