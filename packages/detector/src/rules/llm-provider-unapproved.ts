import { defineRule } from '../rule.ts';
import { groupBy, numberOf, textOf } from '../run/activity-facts.ts';
import { approvalOf } from '../run/ai-approval.ts';
import { bytesOf, countOf, namesOf, someOf, sumNumbers } from '../run/sentence.ts';

/** A language model that stands on no list, with what was used of it. */
export default defineRule({
  id: 'llm-provider-unapproved',
  title: 'Language model without approval',
  severity: 'medium',
  confidence: 'high',
  techniques: ['AML.T0040', 'T1567'],
  controls: ['ISO42001:A.9', 'ISO27001:A.5.23'],
  misses: 'Without a list of approved providers nothing is judged; gateways hide which provider stands behind them.',
  references: ['https://atlas.mitre.org/techniques/AML.T0040'],
  find: (view) => {
    const requests = view.ofType('ai.request').filter((request) => approvalOf(request, view) === 'unapproved');
    return [...groupBy(requests, (request) => textOf(request, 'server.address'))].map(([host, group]) => {
      const models = group.map((request) => textOf(request, 'gen_ai.request.model')).filter((name) => name !== '');
      const tokens = sumNumbers(
        group,
        (request) => numberOf(request, 'gen_ai.usage.input_tokens') + numberOf(request, 'gen_ai.usage.output_tokens'),
      );
      return {
        subject: host,
        sentence: `The script used a language model that is not approved (${[namesOf(models), host].filter((part) => part !== '').join(' at ')}): ${countOf(
          sumNumbers(group, ({ count }) => count),
          'request',
        )}, ${countOf(tokens, 'token')}, ${bytesOf(sumNumbers(group, ({ bytesOut }) => bytesOut))} sent.`,
        evidence: someOf(group).map((request) => view.evidence(request, countOf(request.count, 'request'))),
      };
    });
  },
});
