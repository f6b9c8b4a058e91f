import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { MAX_BATCH_BYTES, SentinelError } from '@sentinel/protocol';

const gunzipAsync = promisify(gunzip);

/**
 * The body without its content encoding, never more than {@link MAX_BATCH_BYTES}.
 * @throws SentinelError `too-large`, `unsupported-media`, or `malformed-batch` if it is no gzip.
 */
export async function inflate(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case 'identity':
    case '':
      if (body.byteLength > MAX_BATCH_BYTES) throw tooLarge();
      return body;
    case 'gzip':
      try {
        return await gunzipAsync(body, { maxOutputLength: MAX_BATCH_BYTES });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
        throw new SentinelError('malformed-batch', 'The body says gzip and is not.', { cause: error });
      }
    default:
      throw new SentinelError('unsupported-media', 'The content encoding is neither gzip nor identity.');
  }
}

/** The error for a body beyond the limit. */
function tooLarge(): SentinelError {
  return new SentinelError('too-large', `A batch may have ${MAX_BATCH_BYTES} bytes after inflation.`);
}
