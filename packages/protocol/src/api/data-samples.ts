import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { SampledFile } from '../pii.ts';

const PATH = SampledFile.shape.path;

export const askDataSamples = defineOperation({
  id: 'askDataSamples',
  method: 'POST',
  path: '/data-samples/wanted',
  permission: 'agent',
  summary: 'Which of these data files the endpoint may look into: those that the company named and knows no labels of.',
  body: z.object({ paths: z.array(PATH).min(1).max(200) }),
  response: z.object({ wanted: z.array(PATH) }),
});

export const sendDataSamples = defineOperation({
  id: 'sendDataSamples',
  method: 'POST',
  path: '/data-samples',
  permission: 'agent',
  summary: 'Tell which kinds of data files hold, with counts; runs that opened them are judged again.',
  body: z.object({ files: z.array(SampledFile).min(1).max(100) }),
  response: z.object({ labelled: z.int().nonnegative() }),
});
