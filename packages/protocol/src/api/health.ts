import { z } from 'zod';
import { defineOperation } from '../operation.ts';

export const getHealth = defineOperation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  permission: 'public',
  summary: 'Whether the server can take batches and answer questions.',
  response: z.object({
    status: z.enum(['ok', 'degraded']),
    version: z.string(),
    stores: z.object({ control: z.enum(['ok', 'unavailable']), event: z.enum(['ok', 'unavailable']) }),
  }),
});
