import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { Seal } from '../seal.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A source as the vault keeps it: compressed, then encrypted for this very version. */
export async function sealSource(seal: Seal, sha256: string, text: string): Promise<Buffer> {
  return seal.seal(await compress(Buffer.from(text)), contextOf(sha256));
}

/**
 * The source that was kept.
 * @throws SealBroken if it was changed or moved.
 */
export async function unsealSource(seal: Seal, sha256: string, content: Uint8Array): Promise<string> {
  return (await decompress(seal.unseal(content, contextOf(sha256)))).toString();
}

function contextOf(sha256: string): string {
  return `vault/${sha256}`;
}
