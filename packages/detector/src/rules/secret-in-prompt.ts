import { defineRule } from '../rule.ts';
import { groupBy, listOf, textOf } from '../run/activity-facts.ts';
import { countOf, namesOf, someOf } from '../run/sentence.ts';

/** A credential inside what was sent to a language model. */
export default defineRule({
  id: 'secret-in-prompt',
  title: 'Secret in a prompt',
  severity: 'high',
  confidence: 'high',
  techniques: ['T1552', 'AML.T0057'],
  controls: ['ISO27001:A.5.17', 'ISO42001:A.9'],
  misses: 'Credentials without a known format; prompts over connections whose bytes the interpreter does not see.',
  references: ['https://atlas.mitre.org/techniques/AML.T0057'],
  find: (view) => {
    const requests = view
      .ofType('ai.request')
      .filter((request) => listOf(request, 'sentinel.ai.secret_kinds').length > 0);
    return [...groupBy(requests, (request) => textOf(request, 'server.address'))].map(([host, group]) => ({
      subject: host,
      sentence: `The script sent a password or key (${namesOf(group.flatMap((request) => [...listOf(request, 'sentinel.ai.secret_kinds')])).replaceAll('-', ' ')}) inside a prompt to the language model at ${host}; it should be changed.`,
      evidence: someOf(group).map((request) => view.evidence(request, countOf(request.count, 'prompt'))),
    }));
  },
});
