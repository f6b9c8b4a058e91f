import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

/** The write path for agents. */
export function batches({ ingest }: Services): Handlers<'sendBatch'> {
  return {
    sendBatch: ({ endpointId, body }) =>
      ingest.accept({ endpointId, body: body.bytes, encoding: body.contentEncoding, claim: body.claim }),
  };
}
