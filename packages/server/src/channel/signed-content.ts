import { SentinelError } from '@sentinel/protocol';
import { isProven } from './agent-door.ts';

/**
 * What operators signed, as JSON. The server does not know who the operators are; it only refuses what no
 * endpoint could take, so that a slip shows at once.
 * @throws SentinelError `bad-request`.
 */
export function signedContent(
  { payload, signatures }: { payload: string; signatures: readonly { key: string; signature: string }[] },
  messageOf: (payload: Uint8Array) => Uint8Array,
): unknown {
  const bytes = Buffer.from(payload, 'base64');
  if (signatures.length === 0) throw new SentinelError('bad-request', 'Nobody has signed it.');
  const message = messageOf(bytes);
  if (!signatures.every(({ key, signature }) => isProven(key, message, signature)))
    throw new SentinelError('bad-request', 'A signature does not fit the content.');
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new SentinelError('bad-request', 'The payload is no JSON.');
  }
}
