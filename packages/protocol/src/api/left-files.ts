import { z } from 'zod';
import { defineOperation } from '../operation.ts';

const PATH = z.string().min(1).max(4096);

export const listLeftFiles = defineOperation({
  id: 'listLeftFiles',
  method: 'GET',
  path: '/left-files',
  permission: 'agent',
  summary: 'Copies of labelled data that scripts left on this endpoint and that are old enough to be looked for.',
  response: z.object({ paths: z.array(PATH).max(500) }),
});

export const tellLeftFiles = defineOperation({
  id: 'tellLeftFiles',
  method: 'POST',
  path: '/left-files',
  permission: 'agent',
  summary: 'Tell which of these copies are still there, and which are gone. Nothing of their content is told.',
  body: z.object({ there: z.array(PATH).max(500), gone: z.array(PATH).max(500) }),
  response: z.object({ judged: z.int().nonnegative().meta({ description: 'Runs that are judged again.' }) }),
});
