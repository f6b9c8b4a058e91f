import { type AttributeName, activityTypes, attributes } from '@sentinel/protocol';

/** Type of a fact. There are no fractions: the three evaluators would differ. */
export type FactType = 'string' | 'int' | 'boolean' | 'string[]';

/** One thing that conditions can ask about. */
export interface Fact {
  readonly type: FactType;
  /** before: known before the act, so that it can be stopped; after: known only then. */
  readonly phase: 'before' | 'after';
  /** Whether it stays the same for the whole run, and can be folded at its start. */
  readonly isFixed: boolean;
  /** Whether the same target in the same run always has the same value. */
  readonly isStable: boolean;
  readonly description: string;
}

/** Attributes that are known only when the act is over. */
const AFTER: ReadonlySet<string> = new Set([
  'http.response.status_code',
  'error.type',
  'file.size',
  'gen_ai.response.model',
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'sentinel.ai.tool_calls',
]);

const RUN_FACTS: Readonly<Record<string, Fact>> = {
  'endpoint.groups': fixed('string[]', 'Groups that the endpoint is in.'),
  'endpoint.id': fixed('string', 'Id of the endpoint.'),
  'endpoint.platform': fixed('string', 'linux, macos or windows.'),
  'interpreter.version': fixed('string', 'Version of the interpreter.'),
  'run.is_interactive': fixed('boolean', 'Whether somebody sits at a terminal.'),
  'run.is_scheduled': fixed('boolean', 'Whether a schedule started it.'),
  'script.approval': fixed('string', 'approved, pending, expired, revoked or none.'),
  'script.family': fixed('string', 'Family of the script.'),
  'script.kind': fixed('string', 'file, module, command, stdin, interactive, archive or embedded.'),
  'script.name': fixed('string', 'File name of the script.'),
  'script.owner_status': fixed('string', 'active, left or unknown.'),
  'script.path': fixed('string', 'Absolute path of the script.'),
  'script.place': fixed('string', 'Sort of place that the script lies in.'),
  'script.sha256': fixed('string', 'SHA-256 of the script.'),
  'user.department': fixed('string', 'Department of the user.'),
  'user.name': fixed('string', 'Account name.'),
};

const ACTIVITY_FACTS: Readonly<Record<string, Fact>> = {
  'activity.bytes_in': counter('after', 'Bytes received or read so far.'),
  'activity.bytes_out': counter('before', 'Bytes sent or written, those about to go included.'),
  'activity.count': counter('before', 'How often it was seen, this time included.'),
  'activity.errors': counter('after', 'How often it failed.'),
  'activity.rows': counter('after', 'Rows fetched or changed so far.'),
  'data.labels': {
    type: 'string[]',
    phase: 'before',
    isFixed: false,
    isStable: false,
    description: 'Labels of the data that the act touches, such as pii.email or secret.aws-access-key.',
  },
  'time.minute': counter('before', 'Minute of the endpoint’s day, 0 to 1439.'),
  'time.weekday': counter('before', 'Day of the endpoint’s week, Monday 1 to Sunday 7.'),
};

/** Totals of a run so far: `run.sum.<activity type>.<metric>`. */
export const RUN_METRICS = ['bytes_in', 'bytes_out', 'count', 'errors', 'rows'] as const;

/** Whether an activity type exists. */
export function isActivityType(name: string): boolean {
  return Object.hasOwn(activityTypes, name);
}

/** The fact of that name for activities of these types, or undefined where one of them has none. */
export function factOf(name: string, types: readonly string[]): Fact | undefined {
  const own = Object.hasOwn(RUN_FACTS, name)
    ? RUN_FACTS[name]
    : Object.hasOwn(ACTIVITY_FACTS, name)
      ? ACTIVITY_FACTS[name]
      : undefined;
  if (own !== undefined) return own;
  const sum = /^run\.sum\.([a-z]+\.[a-z]+)\.([a-z_]+)$/.exec(name);
  if (sum?.[1] !== undefined)
    return isActivityType(sum[1]) && (RUN_METRICS as readonly string[]).includes(sum[2] ?? '')
      ? counter('before', `Total of ${sum[2] ?? ''} over ${sum[1]} in the run so far.`)
      : undefined;
  if (!Object.hasOwn(attributes, name)) return undefined;
  const { type, description } = attributes[name as AttributeName];
  if (type === 'double' || !types.every((one) => hasAttribute(one, name))) return undefined;
  return { type, phase: AFTER.has(name) ? 'after' : 'before', isFixed: false, isStable: !AFTER.has(name), description };
}

/** Names that conditions over these types can use, sorted. */
export function factNames(types: readonly string[]): string[] {
  const own = [...Object.keys(RUN_FACTS), ...Object.keys(ACTIVITY_FACTS)];
  return [...own, ...Object.keys(attributes).filter((name) => factOf(name, types) !== undefined)].sort();
}

/** Facts of the run, by name. */
export const runFacts = RUN_FACTS;

function hasAttribute(type: string, name: string): boolean {
  const definition = Object.hasOwn(activityTypes, type) ? activityTypes[type as keyof typeof activityTypes] : undefined;
  if (definition === undefined) return false;
  return [...definition.required, ...definition.optional].includes(name as never);
}

function fixed(type: FactType, description: string): Fact {
  return { type, phase: 'before', isFixed: true, isStable: true, description };
}

function counter(phase: Fact['phase'], description: string): Fact {
  return { type: 'int', phase, isFixed: false, isStable: false, description };
}
