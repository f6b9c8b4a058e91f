/** A file of an archive. */
export interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
}

const BLOCK = 512;

/**
 * Files of a tar archive, already unpacked from gzip, in their order.
 *
 * Source: POSIX pax and ustar interchange formats, https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 *
 * @throws when the archive is cut off.
 */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const size = Number.parseInt(textOf(header, 124, 12).trim() || '0', 8);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > archive.length)
      throw new Error('the archive is cut off');
    const content = archive.subarray(start, start + size);
    const type = textOf(header, 156, 1);
    if (type === 'x') {
      longName = paxPath(content.toString('utf8')) ?? longName;
    } else if (type === 'L') {
      longName = content.toString('utf8').replace(/\0.*$/s, '');
    } else {
      const prefix = textOf(header, 345, 155);
      const name = longName ?? (prefix === '' ? textOf(header, 0, 100) : `${prefix}/${textOf(header, 0, 100)}`);
      longName = undefined;
      if (type === '0' || type === '' || type === '7') yield { name, content };
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function textOf(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
}

function paxPath(records: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(records)?.[1];
}
