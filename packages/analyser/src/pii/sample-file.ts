import type { DataFileFound } from '@sentinel/protocol';
import { readZip } from '../archives/read-zip.ts';
import { readSource } from '../read-source.ts';
import { readSample, type Sample, tableOf } from './read-sample.ts';

/** Bytes from the beginning of a text file that are looked at. */
export const SAMPLE_BYTES = 64 * 1024;
/** Largest workbook: its directory stands at its end, so it is read whole. */
export const WORKBOOK_BYTES = 4 * 1024 * 1024;

const TEXT_FILE = /\.(?:csv|tsv|tab|json|jsonl|ndjson|txt)$/i;
const WORKBOOK = /\.xls[xm]$/i;
/** Files of tools that hold no data of people. */
const TOOL_FILE =
  /^(?:package(?:-lock)?|composer|tsconfig.*|pyrightconfig|manifest|settings|launch|tasks|extensions|renovate|angular|deno|vercel)\.json$|^(?:requirements.*|constraints.*|licen[cs]e.*|notice|copying|changelog|authors|cmakelists|robots|top_level|entry_points|sources)\.txt$/i;

/** Most strings of a workbook that may be names of columns: they stand first. */
const HEADER_STRINGS = 60;
const HEADER_UNITS = 60;
const MAX_KEYS = 400;

/** How a data file is read: its beginning, or whole up to a size; undefined where it is no data file that we know. */
export function howToSample(name: string): { readonly maxBytes: number; readonly isWhole: boolean } | undefined {
  if (TOOL_FILE.test(name)) return undefined;
  if (TEXT_FILE.test(name)) return { maxBytes: SAMPLE_BYTES, isWhole: false };
  return WORKBOOK.test(name) ? { maxBytes: WORKBOOK_BYTES, isWhole: true } : undefined;
}

/**
 * Kinds of personal data in the bytes of a data file, with counts; no value and no name of a column is in the answer.
 *
 * @throws {Error} when the bytes are neither text nor a workbook.
 */
export function sampleFile(name: string, bytes: Uint8Array): DataFileFound['kinds'] {
  const sample = WORKBOOK.test(name) ? workbookSample(bytes) : textSample(name, readSource(wholeLines(bytes)).text);
  return readSample(sample).map(({ kind, ground, count, columns }) => ({
    kind,
    ground,
    count,
    columnCount: columns.length,
  }));
}

/** A beginning of a file without its last line, which may be cut in the middle of a character. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const end = bytes.length < SAMPLE_BYTES ? -1 : bytes.lastIndexOf(10);
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}

function textSample(name: string, text: string): Sample {
  if (/\.(?:json|jsonl|ndjson)$/i.test(name)) {
    const keys = new Set<string>();
    for (const [, key = ''] of text.matchAll(/"([^"\\\n]{1,80})"[ \t\n]{0,8}:/g))
      if (keys.size < MAX_KEYS) keys.add(key);
    return { text, columns: [...keys].filter((key) => !/\d{4}|@/.test(key)) };
  }
  return (/\.txt$/i.test(name) && !/^[^\n]*[;\t]/.test(text) ? undefined : tableOf(text)) ?? { text };
}

/** Shared strings of a workbook. Source: ECMA-376, part 1, section 18.4. */
function workbookSample(bytes: Uint8Array): Sample {
  const zip = readZip(bytes, (path) => path === 'xl/sharedStrings.xml');
  if (zip === undefined) throw new Error('not a workbook');
  const xml = zip.members.map((member) => Buffer.from(member.bytes).toString('utf8')).join('\n');
  const strings: string[] = [];
  for (const [, text = ''] of xml.matchAll(/<t(?: [^>]{0,80})?>([^<]{1,4000})<\/t>/g)) {
    if (strings.length >= 20_000) break;
    strings.push(decodeEntities(text));
  }
  const headers = strings
    .slice(0, HEADER_STRINGS)
    .filter((text) => text.length <= HEADER_UNITS && !/\d{4}|@/.test(text));
  return { text: strings.join('\n'), columns: headers };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}
