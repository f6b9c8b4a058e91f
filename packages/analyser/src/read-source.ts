/** A source as text. */
export interface SourceText {
  /** Text with LF line ends, without a byte order mark. */
  readonly text: string;
  /** Encoding it was read in. */
  readonly encoding: string;
}

/** Why bytes are no text. */
export class NotText extends Error {
  override readonly name = 'NotText';
}

const COOKIE = /^[ \t\f]*#.{0,200}?coding[:=][ \t]*([-_.A-Za-z0-9]{1,40})/;

/** Encodings of Python under names that the decoder knows otherwise. Source: Python documentation, standard encodings. */
const ALIASES: Readonly<Record<string, string>> = {
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8',
  cp1252: 'windows-1252',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp936: 'gbk',
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  mbcs: 'windows-1252',
  'utf-16': 'utf-16le',
};

/** Encoding named by the first two lines. Source: PEP 263. */
export function findCookie(head: string): string | undefined {
  const lines = head.split(/\r\n|\r|\n/, 3);
  for (const line of lines.slice(0, 2)) {
    const match = COOKIE.exec(line);
    if (match?.[1] !== undefined) return match[1].toLowerCase().replaceAll('_', '-');
    if (!/^[ \t\f]*(?:#|$)/.test(line)) return undefined;
  }
  return undefined;
}

/** Line ends as LF; NUL and form feed, which end no line in Python, as blanks of the same length. */
export function normaliseLines(text: string): string {
  let normal = text;
  if (normal.includes('\r')) normal = normal.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (normal.includes('\u0000')) normal = normal.replaceAll('\u0000', ' ');
  if (normal.includes('\f')) normal = normal.replaceAll('\f', ' ');
  return normal.isWellFormed() ? normal : normal.toWellFormed();
}

function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * The text of a Python source: byte order mark first, then the declared encoding, then UTF-8, then Windows-1252.
 *
 * @throws {NotText} for bytes that are surely no text.
 */
export function readSource(bytes: Uint8Array): SourceText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: normaliseLines(decode(bytes, 'utf-16le')), encoding: 'utf-16le' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: normaliseLines(decode(bytes, 'utf-16be')), encoding: 'utf-16be' };
  if (looksBinary(bytes)) throw new NotText('the bytes are no text');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_000)).toString('latin1');
  const cookie = findCookie(head.replace(/^\u00ef\u00bb\u00bf/, ''));
  if (cookie !== undefined) {
    const encoding = ALIASES[cookie] ?? cookie;
    try {
      return { text: normaliseLines(new TextDecoder(encoding, { fatal: true }).decode(bytes)), encoding };
    } catch {
      // An encoding that does not exist, or bytes that break it: read as if nothing were declared.
    }
  }
  try {
    return { text: normaliseLines(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), encoding: 'utf-8' };
  } catch {
    return { text: normaliseLines(decode(bytes, 'windows-1252')), encoding: 'windows-1252' };
  }
}

/** Whether a sample of the bytes has too many that no text has. */
function looksBinary(bytes: Uint8Array): boolean {
  const size = Math.min(bytes.length, 4_096);
  if (size === 0) return false;
  let control = 0;
  for (let at = 0; at < size; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control += 1;
  }
  return control > 16 && control / size > 0.1;
}
