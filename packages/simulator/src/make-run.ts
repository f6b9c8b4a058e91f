import type { Activity, Attributes, Run } from '@sentinel/protocol';
import type { PlannedEndpoint, PlannedScript } from './plan-fleet.ts';
import { SeededRandom } from './seeded-random.ts';

/** Which run it is: all of it follows from this. */
export interface RunOrder {
  readonly endpoint: PlannedEndpoint;
  readonly script: PlannedScript;
  readonly startedAtMs: number;
  /** Makes it different from other runs of the script at that moment. */
  readonly salt: string;
}

/** A run with its rows, as an agent would ship them once it ended. */
export interface MadeRun {
  readonly run: Run;
  readonly activities: readonly Activity[];
}

/** Home of the person in the recordings. */
const RECORDED_HOME = '/home/ada';

/** Makes a run out of a recorded one: another host, person, time, and other amounts. The same order gives the same rows. */
export function makeRun({ endpoint, script, startedAtMs, salt }: RunOrder): MadeRun {
  const { template } = script;
  const random = new SeededRandom(`run ${salt} ${endpoint.index} ${script.variant} ${startedAtMs}`);
  // The clock of the endpoint goes wrong for all it says.
  const startMs = startedAtMs + endpoint.clockSkewMs;
  const pace = random.factor();
  const durationMs = template.durationMs * pace;
  const hasFailed = random.next() < endpoint.failureShare;
  const home = homeOf(endpoint);
  const place = (text: string) => text.replaceAll(RECORDED_HOME, home);
  const id = random.uuidV7(startMs);
  const at = (recorded: string) =>
    new Date(
      startMs + Math.min(durationMs, Math.max(0, (Date.parse(recorded) - template.startedAtMs) * pace)),
    ).toISOString();
  const { run: recorded } = template;
  const run: Run = {
    ...recorded,
    id,
    revision: 2,
    status: 'ended',
    script: {
      id: script.scriptId,
      kind: recorded.script.kind,
      name: script.name,
      path: `${home}/scripts/${script.name}`,
      sha256: script.sha256,
      sizeBytes: 400 + (script.variant % 9000),
    },
    interpreter: {
      ...recorded.interpreter,
      path: place(recorded.interpreter.path),
      basePrefix: place(recorded.interpreter.basePrefix),
    },
    environment: { ...recorded.environment, prefix: place(recorded.environment.prefix) },
    user: { name: endpoint.userName, id: endpoint.userId },
    hostName: endpoint.facts.hostName,
    pid: 1000 + random.below(60_000),
    parentPid: 1 + random.below(900),
    startedAt: new Date(startMs).toISOString(),
    endedAt: new Date(startMs + durationMs).toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    ...(recorded.workingDirectory === undefined ? {} : { workingDirectory: place(recorded.workingDirectory) }),
    ...(hasFailed ? { exitRoute: 'exception' as const, exitCode: 1 } : {}),
  };
  delete run.parentRunId;
  const seen = hasFailed
    ? Math.max(1, Math.floor(template.activities.length * random.next()))
    : template.activities.length;
  const activities = template.activities.slice(0, seen).map((activity, index): Activity => {
    const amount = random.factor();
    return {
      ...activity,
      // A real agent numbers them without a gap; the recordings are trimmed.
      id: index + 1,
      runId: id,
      revision: 2,
      attributes: withPlaces(activity.attributes, place),
      count: Math.max(1, Math.round(activity.count * amount)),
      bytesIn: Math.round(activity.bytesIn * amount),
      bytesOut: Math.round(activity.bytesOut * amount),
      rows: Math.round(activity.rows * amount),
      firstSeen: at(activity.firstSeen),
      lastSeen: at(activity.lastSeen),
    };
  });
  return { run, activities };
}

/** The run as it looks while it goes on: its beginning, and what was seen in the first half. */
export function beginningOf({ run, activities }: MadeRun): MadeRun {
  const { endedAt: _endedAt, durationMs: _durationMs, exitRoute: _route, exitCode: _code, ...rest } = run;
  const half = activities.slice(0, Math.ceil(activities.length / 2));
  return {
    run: { ...rest, revision: 1, status: 'running' },
    activities: half.map((activity) => ({ ...activity, revision: 1 })),
  };
}

function homeOf({ userName, facts }: PlannedEndpoint): string {
  if (facts.osType === 'win32') return `C:/Users/${userName}`;
  return `${facts.osType === 'darwin' ? '/Users' : '/home'}/${userName}`;
}

function withPlaces(attributes: Attributes, place: (text: string) => string): Attributes {
  const changed: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') changed[name] = place(value);
    else changed[name] = Array.isArray(value) ? value.map(place) : value;
  }
  return changed;
}
