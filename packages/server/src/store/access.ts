import type { AuditAnswer, AuditQuestion } from '@sentinel/protocol';
import type { EventStore, QueryParameters } from './event-store.ts';
import { containsPattern } from './like-pattern.ts';
import { newestFirst } from './newest-first.ts';
import { findRunFacts, type RunFacts } from './run.ts';
import { saturated, type Window } from './run-list.ts';
import { EVERYTHING } from './scope.ts';
import { storeTime } from './store-time.ts';

interface AccessRecord {
  readonly at: string;
  readonly until: string;
  readonly type: string;
  readonly detail: string;
  readonly what: string;
  readonly who: string;
  readonly endpoint_id: string;
  readonly run_id: string;
  readonly times: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly db_rows: number;
}

/** Activity types of each kind of thing. */
const TYPES: Readonly<Record<NonNullable<AuditQuestion['kind']>, readonly string[]>> = {
  file: ['file.open', 'file.change', 'document.use', 'storage.call'],
  database: ['db.connect', 'db.query'],
  network: ['net.connect', 'http.request', 'mail.send', 'dns.resolve'],
  ai: ['ai.request', 'mcp.call'],
  program: ['process.spawn', 'com.call', 'desktop.use'],
};
const MAX_RUNS_AT_ONCE = 2_000;

/**
 * What scripts touched, newest first, and how many rows match. A row whose run is not known has no
 * account and no script, and is found by what it touched alone.
 */
export async function findAccesses(
  store: EventStore,
  question: Omit<AuditQuestion, 'since' | 'until'>,
  { fromMs, toMs }: Window,
  limit: number,
): Promise<{ items: AuditAnswer[]; total: number }> {
  const { where, parameters } = conditions(question, { fromMs, toMs }, { fromMs, toMs });
  const [rows, [counted]] = await Promise.all([
    newestAccesses(store, question, { fromMs, toMs }, limit),
    store.query<{ total: number }>(`SELECT count() AS total FROM activity FINAL WHERE ${where}`, parameters),
  ]);
  const runs = await runsOf(store, rows);
  const items = rows.map((row): AuditAnswer => {
    const run = runs.get(`${row.endpoint_id}/${row.run_id}`);
    return {
      at: row.at,
      until: row.until,
      source: 'activity',
      who: row.who === '' ? (run?.user_name ?? '') : row.who,
      how: row.type,
      detail: row.detail,
      what: row.what,
      ...(run === undefined ? {} : { script: { id: run.script_id, name: run.script_name }, hostName: run.host_name }),
      endpointId: row.endpoint_id,
      runId: row.run_id,
      count: row.times,
      bytesIn: row.bytes_in,
      bytesOut: row.bytes_out,
      rows: row.db_rows,
    };
  });
  return { items, total: counted?.total ?? 0 };
}

async function newestAccesses(
  store: EventStore,
  question: Omit<AuditQuestion, 'since' | 'until'>,
  window: Window,
  limit: number,
): Promise<AccessRecord[]> {
  const found: AccessRecord[] = [];
  for (const { fromMs, toMs } of newestFirst(window, Date.now())) {
    const { where, parameters } = conditions(question, { fromMs, toMs }, window);
    found.push(
      ...(await store.query<AccessRecord>(
        `SELECT first_seen AS at, last_seen AS until, type, detail,
           if(library != '', library, if(target != '', target, database)) AS what, user_name AS who,
           endpoint_id, run_id, ${saturated('count')} AS times, ${saturated('bytes_in')} AS bytes_in,
           ${saturated('bytes_out')} AS bytes_out, ${saturated('rows')} AS db_rows
         FROM activity FINAL WHERE ${where}
         ORDER BY first_seen DESC, endpoint_id DESC, run_id DESC, id DESC LIMIT {limit:UInt32}`,
        { ...parameters, limit: limit - found.length },
        { maxRows: limit },
      )),
    );
    if (found.length >= limit) break;
  }
  return found;
}

/** When the oldest activity that is kept was seen. */
export async function findOldestActivity(store: EventStore): Promise<string | undefined> {
  const [row] = await store.query<{ known: number; oldest: string }>(
    'SELECT count() AS known, min(first_seen) AS oldest FROM activity',
  );
  return row === undefined || row.known === 0 ? undefined : row.oldest;
}

function conditions(
  { who, what, kind, script, endpointId }: Omit<AuditQuestion, 'since' | 'until'>,
  { fromMs, toMs }: Window,
  asked: Window,
): { where: string; parameters: QueryParameters } {
  const parts = [`first_seen >= {from:DateTime64(3, 'UTC')}`, `first_seen < {to:DateTime64(3, 'UTC')}`];
  const parameters: Record<string, QueryParameters[string]> = { from: storeTime(fromMs), to: storeTime(toMs) };
  if (who !== undefined) {
    parts.push('user_name = {who:String}');
    parameters['who'] = who;
  }
  if (what !== undefined) {
    parts.push(
      '(lowerUTF8(target) LIKE lowerUTF8({what:String}) OR lowerUTF8(database) LIKE lowerUTF8({what:String}))',
    );
    parameters['what'] = containsPattern(what);
  }
  if (kind !== undefined) {
    parts.push('type IN {types:Array(String)}');
    parameters['types'] = TYPES[kind];
  }
  if (endpointId !== undefined) {
    parts.push('endpoint_id = {endpointId:UUID}');
    parameters['endpointId'] = endpointId;
  }
  if (script !== undefined) {
    parts.push(`(endpoint_id, run_id) IN (
      SELECT endpoint_id, id FROM run
      WHERE started_at >= {askedFrom:DateTime64(3, 'UTC')} - INTERVAL 30 DAY AND started_at < {askedTo:DateTime64(3, 'UTC')}
        AND (script_id = {script:String} OR lowerUTF8(script_name) LIKE lowerUTF8({scriptText:String})
          OR lowerUTF8(ifNull(script_path, '')) LIKE lowerUTF8({scriptText:String}))
    )`);
    parameters['askedFrom'] = storeTime(asked.fromMs);
    parameters['askedTo'] = storeTime(asked.toMs);
    parameters['script'] = script;
    parameters['scriptText'] = containsPattern(script);
  }
  // Imports of libraries answer no question about data unless they are asked for by name.
  if (what === undefined && kind === undefined) parts.push(`type != 'module.import'`);
  return { where: parts.join(' AND '), parameters };
}

async function runsOf(store: EventStore, rows: readonly AccessRecord[]) {
  const ids = [...new Set(rows.map(({ run_id: id }) => id))];
  const found = new Map<string, RunFacts>();
  for (let start = 0; start < ids.length; start += MAX_RUNS_AT_ONCE) {
    const some = await findRunFacts(store, ids.slice(start, start + MAX_RUNS_AT_ONCE), EVERYTHING);
    for (const run of some) found.set(`${run.endpoint_id}/${run.id}`, run);
  }
  return found;
}
