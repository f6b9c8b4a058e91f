import { Batch, BatchAcknowledgement } from '../batch.ts';
import { defineOperation } from '../operation.ts';

export const sendBatch = defineOperation({
  id: 'sendBatch',
  method: 'POST',
  path: '/batches',
  permission: 'agent',
  summary: 'Store a batch. The answer comes only when its rows are durable; sending it again changes nothing.',
  body: Batch,
  response: BatchAcknowledgement,
});
