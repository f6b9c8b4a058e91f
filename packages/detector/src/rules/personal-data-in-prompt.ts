import { labelWords } from '../context/data-categories.ts';
import { defineRule } from '../rule.ts';
import { groupBy, listOf, numberOf, textOf } from '../run/activity-facts.ts';
import { approvalOf } from '../run/ai-approval.ts';
import { countOf, someOf } from '../run/sentence.ts';

/** Personal or labelled data inside what was sent to a language model that is not approved. */
export default defineRule({
  id: 'personal-data-in-prompt',
  title: 'Personal data sent to a language model',
  severity: 'high',
  confidence: 'high',
  techniques: ['AML.T0057', 'T1567'],
  controls: ['GDPR:44', 'ISO27001:A.5.34', 'ISO42001:A.7'],
  misses:
    'Names and free text about people: only kinds with a format are found in prompts. Approved providers are not judged.',
  references: ['https://atlas.mitre.org/techniques/AML.T0057'],
  find: (view) => {
    const labelled = view.sources.filter(({ labels }) => labels.length > 0);
    const requests = view.ofType('ai.request').filter((request) => {
      const approval = approvalOf(request, view);
      if (approval === 'approved' || approval === 'local') return false;
      if (listOf(request, 'sentinel.ai.pii_kinds').length > 0) return true;
      return (
        request.bytesOut >= view.context.limits.sentBytes &&
        labelled.some(({ activity, ground }) => ground !== 'code' && activity.firstSeen <= request.lastSeen)
      );
    });
    return [...groupBy(requests, (request) => textOf(request, 'server.address'))].map(([host, group]) => {
      const kinds = group.flatMap((request) => [...listOf(request, 'sentinel.ai.pii_kinds')]);
      const before = labelled.filter(({ activity }) => group.some((request) => activity.firstSeen <= request.lastSeen));
      const labels = kinds.length > 0 ? kinds : before.flatMap((source) => source.labels);
      const characters = group.reduce((sum, request) => sum + numberOf(request, 'sentinel.ai.prompt_characters'), 0);
      const prompts = group.reduce((sum, { count }) => sum + count, 0);
      const isUnapproved = group.some((request) => approvalOf(request, view) === 'unapproved');
      return {
        subject: host,
        sentence: `The script sent ${labelWords(new Set(labels))} to ${isUnapproved ? 'a language model that is not approved' : 'a language model outside the company'} (${host}): ${countOf(prompts, 'prompt')} with ${countOf(characters, 'character')}.`,
        evidence: [
          ...someOf(before).map(({ activity, name }) => view.evidence(activity, `reads ${name}`)),
          ...someOf(group).map((request) => view.evidence(request, countOf(request.count, 'prompt'))),
        ],
        ...(kinds.length > 0 ? {} : { confidence: 'medium' as const }),
      };
    });
  },
});
