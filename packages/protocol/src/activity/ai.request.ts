import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'ai.request',
  title: 'AI model used',
  description:
    'A request went to a language or image model; count, tokens, prompt size and tool calls are totals of all requests of that shape.',
  ocsf: { classUid: 6003, activityId: 99 },
  target: ['gen_ai.request.model', 'server.address'],
  required: ['gen_ai.provider.name', 'gen_ai.operation.name'],
  optional: [
    'gen_ai.request.model',
    'gen_ai.response.model',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'sentinel.ai.streaming',
    'sentinel.ai.prompt_characters',
    'sentinel.ai.attachments',
    'sentinel.ai.tools',
    'sentinel.ai.tool_calls',
    'sentinel.ai.secret_kinds',
    'sentinel.ai.pii_kinds',
    'sentinel.ai.prompt_cut',
    'sentinel.ai.unread',
    'server.address',
    'server.port',
    'http.response.status_code',
    'error.type',
  ],
  lane: 'ai',
});
