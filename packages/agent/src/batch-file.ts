import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PROTOCOL_VERSION } from '@sentinel/protocol';

const compress = promisify(gzip);

/** Rows of a batch, each already as JSON text. */
export interface BatchRows {
  readonly runs: readonly string[];
  readonly activities: readonly string[];
}

/** A batch as it lies in the spool. */
export interface SpooledBatch {
  readonly spoolId: string;
  readonly sequence: number;
  readonly rows: number;
  /** JSON of the batch shape, gzip-compressed: sent as it is. */
  readonly body: Buffer;
}

const HEAD = /^sentinel-batch 1 ([0-9a-f-]{36}) (\d{1,16}) (\d{1,9}) ([0-9a-f]{64})$/;
const MAX_HEAD_BYTES = 256;

/**
 * A batch as a file: one line `sentinel-batch 1 <spool id> <sequence> <rows> <sha-256>`, then the body.
 * The checksum covers the other fields of the line and the body.
 */
export async function encodeBatch(spoolId: string, sequence: number, rows: BatchRows): Promise<Buffer> {
  const head = { protocolVersion: PROTOCOL_VERSION, spoolId, sequence, createdAt: new Date().toISOString() };
  const text = `${JSON.stringify(head).slice(0, -1)},"runs":[${rows.runs.join(',')}],"activities":[${rows.activities.join(',')}]}`;
  const body = await compress(text, { level: 4 });
  const fields = `sentinel-batch 1 ${spoolId} ${sequence} ${rows.runs.length + rows.activities.length}`;
  return Buffer.concat([Buffer.from(`${fields} ${checksum(fields, body)}\n`), body]);
}

/**
 * Reads the file of a batch.
 * @param sequence - Number in the file's name.
 * @returns the batch, or a sentence that says what is damaged.
 */
export function decodeBatch(file: Buffer, sequence: number): SpooledBatch | string {
  const end = file.subarray(0, MAX_HEAD_BYTES).indexOf(0x0a);
  const match = end === -1 ? null : HEAD.exec(file.toString('latin1', 0, end));
  const [, spoolId, number, rows, sum] = match ?? [];
  if (spoolId === undefined || number === undefined || rows === undefined || sum === undefined)
    return 'its first line is damaged';
  if (Number(number) !== sequence) return 'its number is not that of its file';
  const body = file.subarray(end + 1);
  if (checksum(`sentinel-batch 1 ${spoolId} ${number} ${rows}`, body) !== sum) return 'its checksum does not fit';
  return { spoolId, sequence, rows: Number(rows), body };
}

function checksum(fields: string, body: Uint8Array): string {
  return createHash('sha256').update(`${fields}\n`).update(body).digest('hex');
}
