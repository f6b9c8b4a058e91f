import { defineRule } from '../rule.ts';
import { groupBy, numberOf, textOf } from '../run/activity-facts.ts';
import { countOf, someOf, sumNumbers } from '../run/sentence.ts';

/** Very much asked of a language model in one run: cost, or a copy of the data. */
export default defineRule({
  id: 'llm-token-volume',
  title: 'Large volume to a language model',
  severity: 'low',
  confidence: 'high',
  techniques: ['AML.T0034'],
  controls: ['ISO42001:A.6'],
  misses: 'Providers that tell no token counts are judged by the characters of their prompts.',
  references: ['https://atlas.mitre.org/techniques/AML.T0034'],
  find: (view) => {
    const { tokens: mostTokens, promptCharacters } = view.context.limits;
    return [...groupBy(view.ofType('ai.request'), (request) => textOf(request, 'server.address'))].flatMap(
      ([host, group]) => {
        const tokens = sumNumbers(
          group,
          (request) => numberOf(request, 'gen_ai.usage.input_tokens') + numberOf(request, 'gen_ai.usage.output_tokens'),
        );
        const characters = sumNumbers(group, (request) => numberOf(request, 'sentinel.ai.prompt_characters'));
        if (tokens < mostTokens && characters < promptCharacters) return [];
        return {
          subject: host,
          sentence: `The script used ${tokens > 0 ? countOf(tokens, 'token') : countOf(characters, 'character')} of the language model at ${host} in one run.`,
          evidence: someOf(group).map((request) => view.evidence(request, countOf(request.count, 'request'))),
        };
      },
    );
  },
});
