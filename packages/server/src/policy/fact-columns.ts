import { type FactColumn, factOf } from '@sentinel/policy';

/** Facts of the run, by the column of the joined run. */
const RUN_COLUMNS: Readonly<Record<string, string>> = {
  'interpreter.version': 'interpreter_version',
  'script.kind': 'script_kind',
  'script.name': 'script_name',
  'script.path': 'script_path',
  'script.sha256': 'script_sha256',
};

/** What a query must join for the facts that were asked for. */
export interface FactNeeds {
  /** Columns of the run. */
  readonly runColumns: Set<string>;
  /** Totals of the run: alias to SQL over its activities. */
  readonly totals: Map<string, string>;
}

/** What the control store knows and the event store does not. */
export interface KnownFacts {
  /** State of approvals by SHA-256 of the script. */
  readonly approvals: ReadonlyMap<string, string>;
}

/**
 * Columns of the event store by fact, for queries over `activity` as `a`, the run as `r` and totals as `t`. What the store does not
 * hold (owners, labels, groups, approvals unless they are given) is unknown there, as it is to an endpoint that was not told.
 *
 * @param timeZone - IANA name; hours of history are judged by it.
 */
export function factColumns(
  timeZone: string,
  known?: KnownFacts,
): {
  columnOf: (fact: string) => FactColumn | undefined;
  needs: FactNeeds;
} {
  const needs: FactNeeds = { runColumns: new Set(), totals: new Map() };
  const zone = timeZone.replaceAll(/[^A-Za-z0-9_/+-]/g, '');
  const always = (value: string): FactColumn => ({ type: 'int', isKnown: '1', value: `toInt64(${value})` });
  return {
    needs,
    columnOf(fact) {
      const counter = /^activity\.(count|bytes_in|bytes_out|rows|errors)$/.exec(fact)?.[1];
      if (counter !== undefined) return always(`a.${counter}`);
      if (fact === 'time.weekday') return always(`toDayOfWeek(a.first_seen, 0, '${zone}')`);
      if (fact === 'time.minute')
        return always(`toHour(a.first_seen, '${zone}') * 60 + toMinute(a.first_seen, '${zone}')`);
      if (fact === 'user.name') return text("a.user_name != ''", 'a.user_name');
      if (fact === 'endpoint.id') return text('1', 'toString(a.endpoint_id)');
      if (fact === 'script.approval' && known !== undefined) {
        needs.runColumns.add('script_sha256');
        return text('1', approvalOf(known.approvals));
      }
      const column = Object.hasOwn(RUN_COLUMNS, fact) ? RUN_COLUMNS[fact] : undefined;
      if (column !== undefined) {
        needs.runColumns.add(column);
        return text(`isNotNull(r.${column})`, `ifNull(toString(r.${column}), '')`);
      }
      const total = /^run\.sum\.([a-z]+\.[a-z]+)\.([a-z_]+)$/.exec(fact);
      if (total?.[1] !== undefined) {
        const alias = `total_${total[1].replace('.', '_')}_${total[2] ?? ''}`;
        needs.totals.set(alias, `sumIf(${total[2] ?? 'count'}, type = '${total[1]}')`);
        return always(`t.${alias}`);
      }
      return attribute(fact);
    },
  };
}

/** SQL for the approval of a run's script as it stands now; a version that nobody asked about has none. */
function approvalOf(approvals: ReadonlyMap<string, string>): string {
  // Hashes and states are of our own making; anything else is left out rather than quoted.
  const plain = [...approvals].filter(([sha256, state]) => /^[0-9a-f]{64}$/.test(sha256) && /^[a-z]+$/.test(state));
  if (plain.length === 0) return "'none'";
  const hashes = plain.map(([sha256]) => `'${sha256}'`).join(', ');
  const states = plain.map(([, state]) => `'${state}'`).join(', ');
  return `transform(ifNull(toString(r.script_sha256), ''), [${hashes}], [${states}], 'none')`;
}

function attribute(fact: string): FactColumn | undefined {
  const type = factOf(fact, [])?.type;
  const value = `a.attributes['${fact}']`;
  const isKnown = `mapContains(a.attributes, '${fact}')`;
  switch (type) {
    case 'string':
      return text(isKnown, value);
    case 'int':
      return {
        type,
        isKnown: `isNotNull(toInt64OrNull(${value}))`,
        value: `ifNull(toInt64OrNull(${value}), 0)`,
      };
    case 'boolean':
      return { type, isKnown: `${value} IN ('true', 'false', '1', '0')`, value: `${value} IN ('true', '1')` };
    case 'string[]':
      return { type, isKnown, value: `if(${value} = '', [], splitByChar(',', ${value}))` };
    case undefined:
      return undefined;
    default:
      return type satisfies never;
  }
}

function text(isKnown: string, value: string): FactColumn {
  return { type: 'string', isKnown, value };
}
