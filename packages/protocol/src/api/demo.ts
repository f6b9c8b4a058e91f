import { z } from 'zod';
import { defineOperation } from '../operation.ts';

export const startDemo = defineOperation({
  id: 'startDemo',
  method: 'POST',
  path: '/demo',
  permission: 'manage',
  summary: 'Play the demo scripts as real processes on the computer of the server.',
  body: z.object({}),
  response: z.object({ running: z.boolean() }),
});
