import type { DirectoryPerson, LeaverReach, LeaverReport, LeaverScript, LeaverSecret } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import { listDecisions, listRotations } from '../store/leaver.ts';
import { listSchedulesOf } from '../store/schedule.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import { listVersionsOf } from '../store/vault-version.ts';
import { Ownership } from './ownership.ts';

/** Runs and data of so many days before the person left count. */
const WINDOW_MS = 90 * DAY_MS;
const MAX_SCRIPTS = 2000;
const MAX_REACH = 500;
/** SQL for the account of a row without its domain, in small letters. */
export const ACCOUNT = `lowerUTF8(splitByChar('@', splitByChar('\\\\', user_name)[-1])[1])`;

/** All that hangs on one person: scripts, schedules, credentials, data. */
export async function leaverReport(
  control: ControlStore,
  events: EventStore,
  person: DirectoryPerson,
  nowMs: number,
): Promise<LeaverReport> {
  const sinceMs = Math.min(person.leftAt === undefined ? nowMs : Date.parse(person.leftAt), nowMs) - WINDOW_MS;
  const owned = (await Ownership.read(control)).scriptsOf(person);
  const parameters = {
    owned: [...owned.keys()],
    accounts: person.accounts,
    from: storeTime(sinceMs),
    to: storeTime(nowMs + DAY_MS),
  };
  const [scripts, reach, accounts, decisions, rotations] = await Promise.all([
    events.query<ScriptRecord>(SCRIPTS, parameters),
    events.query<LeaverReach & { total: number; place: number }>(REACH, parameters),
    events.query<AccountRecord>(DATABASE_ACCOUNTS, parameters),
    listDecisions(control, person.id),
    listRotations(control, person.id),
  ]);
  const [versions, schedules] = await Promise.all([
    listVersionsOf(
      control,
      scripts.map(({ script_id }) => script_id),
    ),
    listSchedulesOf(control, {
      accounts: person.accounts,
      paths: [...new Set(scripts.flatMap(({ paths }) => paths))],
    }),
  ]);
  const inVault = new Set(versions.map(({ scriptId }) => scriptId));
  const rows = scripts.map((row): LeaverScript => {
    const decision = decisions.get(row.script_id);
    return {
      scriptId: row.script_id,
      name: row.name,
      ...(row.path === null ? {} : { path: row.path }),
      ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
      runs: row.runs,
      runsByPerson: row.runs_by_person,
      otherUsers: row.other_users,
      machines: row.machines,
      lastRunAt: row.last_run_at,
      isOwner: owned.has(row.script_id),
      isOnlyTheirs: row.runs === row.runs_by_person || (owned.has(row.script_id) && row.users === 1),
      isInVault: inVault.has(row.script_id),
      schedules: schedules.filter(({ script }) => row.paths.includes(script)),
      ...(decision === undefined ? {} : { decision }),
    };
  });
  const secrets = [...credentials(versions), ...databaseAccounts(accounts)].map((one): LeaverSecret => {
    const rotation = rotations.get(one.subject);
    return rotation === undefined ? one : { ...one, ...rotation };
  });
  return {
    person,
    madeAt: new Date(nowMs).toISOString(),
    since: new Date(sinceMs).toISOString(),
    scripts: rows,
    schedules,
    secrets,
    reach: reach
      .map(({ total: _total, place: _place, ...row }): LeaverReach => row)
      .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : b.runs - a.runs)),
    reachTotal: reach[0]?.total ?? 0,
    undecided: rows.filter(({ decision }) => decision === undefined).length,
    notRotated: secrets.filter(({ rotatedAt }) => rotatedAt === undefined).length,
  };
}

interface ScriptRecord {
  readonly script_id: string;
  readonly name: string;
  readonly path: string | null;
  readonly sha256: string | null;
  readonly paths: string[];
  readonly runs: number;
  readonly runs_by_person: number;
  /** Accounts that ran it. */
  readonly users: number;
  readonly other_users: string[];
  readonly machines: string[];
  readonly last_run_at: string;
}

const IN_WINDOW = `BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}`;
const THEIRS = `${ACCOUNT} IN {accounts:Array(String)}`;
const SCRIPTS = `SELECT script_id, argMax(script_name, started_at) AS name,
    argMax(tuple(script_path), started_at).1 AS path, argMax(tuple(script_sha256), started_at).1 AS sha256,
    arraySort(groupUniqArrayIf(50)(ifNull(script_path, ''), isNotNull(script_path))) AS paths,
    count() AS runs, countIf(${THEIRS}) AS runs_by_person, uniqExact(${ACCOUNT}) AS users,
    arraySort(groupUniqArrayIf(20)(user_name, NOT ${THEIRS})) AS other_users,
    arraySort(groupUniqArray(20)(host_name)) AS machines, max(started_at) AS last_run_at
  FROM run FINAL
  WHERE started_at ${IN_WINDOW} AND script_kind NOT IN ('command', 'stdin', 'interactive')
    AND (script_id IN {owned:Array(String)}
      OR script_id IN (SELECT script_id FROM run WHERE started_at ${IN_WINDOW} AND ${THEIRS}))
  GROUP BY script_id ORDER BY runs = runs_by_person DESC, runs_by_person DESC, name, script_id LIMIT ${MAX_SCRIPTS}`;

const REACH = `SELECT * FROM (
    SELECT type, target, detail, database, uniqExact(run_id) AS runs,
      toUInt64(least(sum(toFloat64(activity.rows)), 9007199254740991.)) AS rows,
      toUInt64(least(sum(toFloat64(bytes_in) + toFloat64(bytes_out)), 9007199254740991.)) AS bytes,
      max(last_seen) AS lastSeenAt,
      row_number() OVER (PARTITION BY type ORDER BY runs DESC, bytes DESC, target, detail) AS place,
      count() OVER () AS total
    FROM activity FINAL
    WHERE first_seen ${IN_WINDOW} AND (${THEIRS} OR script_id IN {owned:Array(String)})
      AND type IN ('db.query', 'db.connect', 'file.open', 'file.change', 'http.request', 'net.connect', 'mail.send', 'ai.request', 'storage.call', 'com.call', 'document.use')
    GROUP BY type, target, detail, database
  ) ORDER BY place, type LIMIT ${MAX_REACH}`;

interface AccountRecord {
  readonly product: string;
  readonly server: string;
  readonly account: string;
  readonly scripts: string[];
}

const DATABASE_ACCOUNTS = `SELECT attributes['db.system.name'] AS product,
    if(attributes['server.address'] != '', attributes['server.address'], database) AS server,
    attributes['sentinel.db.user'] AS account,
    arraySort(groupUniqArray(20)(script_id)) AS scripts
  FROM activity FINAL
  WHERE first_seen ${IN_WINDOW} AND (${THEIRS} OR script_id IN {owned:Array(String)}) AND type IN ('db.connect', 'db.query') AND account != ''
  GROUP BY product, server, account ORDER BY product, server, account LIMIT 500`;

function credentials(
  versions: readonly {
    name: string;
    references: readonly { fingerprint: string; title: string; name?: string | undefined }[];
  }[],
): LeaverSecret[] {
  const byFingerprint = new Map<string, { title: string; scripts: Set<string> }>();
  for (const { name: script, references } of versions) {
    for (const { fingerprint, title, name } of references) {
      const known = byFingerprint.get(fingerprint) ?? {
        title: name === undefined ? title : `${title}: ${name}`,
        scripts: new Set<string>(),
      };
      known.scripts.add(script);
      byFingerprint.set(fingerprint, known);
    }
  }
  return [...byFingerprint].map(([subject, { title, scripts }]) => ({
    subject,
    kind: 'credential',
    title,
    scripts: [...scripts].sort(),
  }));
}

function databaseAccounts(rows: readonly AccountRecord[]): LeaverSecret[] {
  return rows.map(({ product, server, account, scripts }) => ({
    subject: `db:${product}:${server}:${account}`,
    kind: 'database-account',
    title: `${account} on ${server === '' ? product : `${server} (${product})`}`,
    scripts: scripts.filter((script) => script !== ''),
  }));
}
