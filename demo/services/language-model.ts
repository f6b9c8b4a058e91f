/**
 * The demo's stand-in for a public language model, speaking the OpenAI chat completions API, streaming included.
 *
 *     node language-model.ts
 *
 * It keeps nothing and understands nothing: it counts words of complaint in the prompt and answers with the counts.
 * Source: OpenAI API reference, POST /v1/chat/completions.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { announce, readJson, sendJson } from './service.ts';

const FIRST_TOKEN_MS = 250;
const TOKEN_MS = 3;
const CHARACTERS_PER_TOKEN = 4;

const TOPICS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Damaged parcels', /broken/g],
  ['Double charges', /charged twice/g],
  ['Late deliveries', /late/gi],
  ['App problems', /logs me out/g],
  ['Returns', /wrong size/gi],
];

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

const server = createServer((request, response) => {
  void answer(request, response).catch(() => {
    if (!response.headersSent) sendError(response, 400, 'We could not parse the JSON body of your request.');
    else response.destroy();
  });
});
announce(server);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!(request.headers.authorization ?? '').startsWith('Bearer sk-')) {
    return sendError(response, 401, 'Incorrect API key provided.');
  }
  if (request.method === 'GET' && request.url === '/v1/models') {
    return sendJson(response, 200, { object: 'list', data: [{ id: 'demo-large', object: 'model', owned_by: 'demo' }] });
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
    return sendError(response, 404, `Unknown request URL: ${request.method} ${request.url}.`);
  }
  const body = await readJson(request);
  const prompt = JSON.stringify(body['messages'] ?? []);
  const text = summarise(prompt);
  const words = text.match(/\s*\S+/g) ?? [];
  const usage = countTokens(prompt, text);
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: String(body['model']) };
  await wait(FIRST_TOKEN_MS);
  if (body['stream'] === true) {
    const options = body['stream_options'] as { include_usage?: boolean } | undefined;
    return stream(response, head, words, options?.include_usage === true ? usage : undefined);
  }
  await wait(words.length * TOKEN_MS);
  const message = { role: 'assistant', content: text, refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return sendJson(response, 200, { ...head, object: 'chat.completion', choices, usage });
}

async function stream(response: ServerResponse, head: object, words: readonly string[], usage?: Usage): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const send = (choices: readonly object[], more: object = {}) => {
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  };
  for (const [index, word] of words.entries()) {
    const delta = index === 0 ? { role: 'assistant', content: word } : { content: word };
    send([{ index: 0, delta, finish_reason: null }]);
    await wait(TOKEN_MS);
  }
  send([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  if (usage !== undefined) send([], { usage });
  response.end('data: [DONE]\n\n');
}

function summarise(prompt: string): string {
  const counted = TOPICS.map(([title, pattern]) => ({
    title,
    count: countBefore(prompt, title) || countWords(prompt, pattern),
  }));
  const lines = counted
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ title, count }) => `- **${title}**: mentioned ${count} times.`);
  return lines.length > 0
    ? `Customers complain about:\n\n${lines.join('\n')}`
    : 'Customers complain about several topics.';
}

function countWords(prompt: string, pattern: RegExp): number {
  return prompt.match(pattern)?.length ?? 0;
}

/** Adds up what earlier answers of ours, pasted into the prompt, say of a topic. */
function countBefore(prompt: string, title: string): number {
  let sum = 0;
  for (const [, number] of prompt.matchAll(new RegExp(`\\*\\*${title}\\*\\*: mentioned (\\d+)`, 'g')))
    sum += Number(number);
  return sum;
}

function countTokens(prompt: string, text: string): Usage {
  const promptTokens = Math.ceil(prompt.length / CHARACTERS_PER_TOKEN);
  const completionTokens = Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } });
}
