/**
 * The probe's spool file: what a run writes and what the agent reads.
 *
 * One file per process, `<run id>.probe`, appended to and never rewritten. UTF-8 lines ended by a
 * line feed; fields separated by tabs; in a field, backslash, tab, line feed and carriage return
 * are written `\\`, `\t`, `\n`, `\r`. A last line without its line feed is not yet there.
 *
 *     H <version> <unix ns> (<attribute> <value>)*                                           hello, first line
 *     A <id> <type> <unix ns> <count> <bytes in> <bytes out> <rows> <errors> (<attribute> <value>)*   new activity
 *     C <id> <unix ns> <count> <bytes in> <bytes out> <rows> <errors> (<attribute> <value>)*    changed activity
 *     Q <unix ns> (<attribute> <value>)*                                                     the probe on itself
 *     E <unix ns> (<attribute> <value>)*                                                     end
 *
 * `A` states the totals at its time, `C` the totals at its own: totals, never differences, so a line
 * that is lost or read twice miscounts nothing. `id` counts from 1 within the file. Attributes of a
 * `C` are added to those of its `A`. Lines may follow an `E`: an `exec` that failed, a handler that
 * ran late; the last `E` wins, and an `E` with the route `exec` holds only if nothing follows it.
 */
export const PROBE_RECORD_VERSION = 1;

/** Ending of a probe spool file. */
export const PROBE_FILE_SUFFIX = '.probe';

/** Record kinds: the first field of a line. */
export const probeRecordKinds = {
  hello: 'H',
  activity: 'A',
  change: 'C',
  health: 'Q',
  end: 'E',
} as const;

/** One record, parsed; attribute values still as text. */
export type ProbeRecord =
  | {
      readonly kind: 'hello';
      readonly version: number;
      readonly timeUnixNs: bigint;
      readonly attributes: ReadonlyMap<string, string>;
    }
  | ({ readonly kind: 'activity'; readonly id: number; readonly type: string } & ProbeCounters)
  | ({ readonly kind: 'change'; readonly id: number } & ProbeCounters)
  | { readonly kind: 'health' | 'end'; readonly timeUnixNs: bigint; readonly attributes: ReadonlyMap<string, string> };

/** Counters and attributes that `A` and `C` share. */
export interface ProbeCounters {
  readonly timeUnixNs: bigint;
  readonly count: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly rows: number;
  readonly errors: number;
  readonly attributes: ReadonlyMap<string, string>;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', t: '\t', n: '\n', r: '\r' };

/**
 * Reads one line, without its line feed.
 * @returns the record, or a sentence that says why the line is not one.
 */
export function parseProbeRecord(line: string): ProbeRecord | string {
  const fields = line.split('\t');
  const kind = fields[0] ?? '';
  switch (kind) {
    case 'H': {
      const version = wholeNumber(fields[1]);
      const timeUnixNs = nanoseconds(fields[2]);
      const attributes = pairs(fields, 3);
      if (version === undefined || timeUnixNs === undefined || attributes === undefined)
        return 'hello record has a bad field';
      return { kind: 'hello', version, timeUnixNs, attributes };
    }
    case 'A': {
      const id = wholeNumber(fields[1]);
      const type = fields[2];
      const counters = readCounters(fields, 3);
      if (id === undefined || id === 0 || type === undefined || type === '' || counters === undefined) {
        return 'activity record has a bad field';
      }
      return { kind: 'activity', id, type: unescapeField(type), ...counters };
    }
    case 'C': {
      const id = wholeNumber(fields[1]);
      const counters = readCounters(fields, 2);
      if (id === undefined || id === 0 || counters === undefined) return 'change record has a bad field';
      return { kind: 'change', id, ...counters };
    }
    case 'Q':
    case 'E': {
      const timeUnixNs = nanoseconds(fields[1]);
      const attributes = pairs(fields, 2);
      if (timeUnixNs === undefined || attributes === undefined) return 'record has a bad field';
      return { kind: kind === 'Q' ? 'health' : 'end', timeUnixNs, attributes };
    }
    default:
      return 'unknown record kind';
  }
}

function readCounters(fields: readonly string[], at: number): ProbeCounters | undefined {
  const timeUnixNs = nanoseconds(fields[at]);
  const count = wholeNumber(fields[at + 1]);
  const bytesIn = wholeNumber(fields[at + 2]);
  const bytesOut = wholeNumber(fields[at + 3]);
  const rows = wholeNumber(fields[at + 4]);
  const errors = wholeNumber(fields[at + 5]);
  const attributes = pairs(fields, at + 6);
  if (
    timeUnixNs === undefined ||
    count === undefined ||
    bytesIn === undefined ||
    bytesOut === undefined ||
    rows === undefined ||
    errors === undefined ||
    attributes === undefined
  ) {
    return undefined;
  }
  return { timeUnixNs, count, bytesIn, bytesOut, rows, errors, attributes };
}

function pairs(fields: readonly string[], at: number): Map<string, string> | undefined {
  if ((fields.length - at) % 2 !== 0 || fields.length < at) return undefined;
  const found = new Map<string, string>();
  for (let i = at; i < fields.length; i += 2) {
    const name = unescapeField(fields[i] ?? '');
    if (name === '') return undefined;
    found.set(name, unescapeField(fields[i + 1] ?? ''));
  }
  return found;
}

function unescapeField(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/gs, (whole, letter: string) => ESCAPES[letter] ?? whole) : text;
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

function nanoseconds(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
