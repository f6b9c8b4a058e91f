import {
  Activity,
  type Attributes,
  BatchEnvelope,
  isAttributeName,
  PROTOCOL_VERSION,
  Run,
  SentinelError,
} from '@sentinel/protocol';
import type { z } from 'zod';
import { DAY_MS } from '../store/store-time.ts';

/** A batch whose rows were looked at one by one. */
export interface ReadBatch {
  readonly spoolId: string;
  readonly sequence: number;
  readonly runs: readonly Run[];
  readonly activities: readonly Activity[];
  readonly malformed: readonly MalformedRow[];
}

/** A row that cannot be stored, and why. */
export interface MalformedRow {
  readonly reason: string;
  readonly row: unknown;
}

/**
 * How far from the server's clock a row's start may lie. Every day is a partition of the store: a clock
 * gone wild must not make thousands of them.
 */
const OLDEST_ROW_MS = 400 * DAY_MS;
const NEWEST_ROW_MS = 2 * DAY_MS;
/** Other times only have to be times that the store can hold. */
const OTHER_TIMES = { from: Date.UTC(1970, 0, 1), to: Date.UTC(2200, 0, 1) };

/**
 * Reads a batch: good rows apart from malformed ones.
 * @throws SentinelError `malformed-batch` or `unsupported-protocol` if it is no batch at all.
 */
export function readBatch(body: Buffer, nowMs: number): ReadBatch {
  const content = parseJson(body);
  const version = (content as { protocolVersion?: unknown } | null)?.protocolVersion;
  if (typeof version === 'number' && version !== PROTOCOL_VERSION) {
    throw new SentinelError(
      'unsupported-protocol',
      `The batch speaks protocol ${version}; this server speaks ${PROTOCOL_VERSION}.`,
    );
  }
  const envelope = BatchEnvelope.safeParse(content);
  if (!envelope.success) throw new SentinelError('malformed-batch', reasonOf(envelope.error));
  const malformed: MalformedRow[] = [];
  return {
    spoolId: envelope.data.spoolId.toLowerCase(),
    sequence: envelope.data.sequence,
    runs: accept(envelope.data.runs, Run, (run) => checkRun(run, nowMs), malformed),
    activities: accept(envelope.data.activities, Activity, (activity) => checkActivity(activity, nowMs), malformed),
    malformed,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new SentinelError('malformed-batch', 'The body is not JSON in UTF-8.', { cause: error });
  }
}

function accept<T>(
  rows: readonly unknown[],
  shape: z.ZodType<T>,
  check: (row: T) => T | string,
  malformed: MalformedRow[],
): T[] {
  const good: T[] = [];
  for (const row of rows) {
    const parsed = shape.safeParse(row);
    const checked = parsed.success ? check(parsed.data) : reasonOf(parsed.error);
    if (typeof checked === 'string') malformed.push({ reason: checked, row });
    else good.push(checked);
  }
  return good;
}

function checkRun(run: Run, nowMs: number): Run | string {
  const wrong =
    wrongTime('startedAt', run.startedAt, nowMs) ??
    (run.endedAt === undefined ? undefined : wrongOther('endedAt', run.endedAt));
  if (wrong !== undefined) return wrong;
  return { ...run, id: run.id.toLowerCase() };
}

function checkActivity(activity: Activity, nowMs: number): Activity | string {
  const wrong = wrongTime('firstSeen', activity.firstSeen, nowMs) ?? wrongOther('lastSeen', activity.lastSeen);
  if (wrong !== undefined) return wrong;
  activity.runId = activity.runId.toLowerCase();
  for (const name in activity.attributes) if (!isAttributeName(name)) return withUnmapped(activity);
  return activity;
}

function withUnmapped(activity: Activity): Activity {
  const attributes: Attributes = {};
  const unmapped: Attributes = { ...activity.unmapped };
  for (const [name, value] of Object.entries(activity.attributes))
    (isAttributeName(name) ? attributes : unmapped)[name] = value;
  return { ...activity, attributes, unmapped };
}

function wrongTime(field: string, text: string, nowMs: number): string | undefined {
  const time = Date.parse(text);
  if (time >= nowMs - OLDEST_ROW_MS && time <= nowMs + NEWEST_ROW_MS) return undefined;
  return `${field}: ${text} is too far from the server's clock (at most ${OLDEST_ROW_MS / DAY_MS} days back, ${NEWEST_ROW_MS / DAY_MS} ahead)`;
}

function wrongOther(field: string, text: string): string | undefined {
  const time = Date.parse(text);
  return time >= OTHER_TIMES.from && time < OTHER_TIMES.to ? undefined : `${field}: ${text} cannot be stored`;
}

/** The first thing wrong, with the field named. */
export function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'it does not fit its shape' : `${issue.path.join('.') || 'it'}: ${issue.message}`;
}
