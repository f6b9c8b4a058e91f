import { createHash, randomUUID } from 'node:crypto';
import type { Activity, Batch, Run } from '@sentinel/protocol';

/** A sender of batches: one machine's client. */
interface Sender {
  sendBatch(args: { body: Batch }): Promise<unknown>;
}

/** What a sample run is. */
export interface SampleRun {
  readonly script: string;
  readonly hostName: string;
  readonly userName: string;
  readonly startedAt: Date;
  /** Absent for a run that goes on. */
  readonly durationMs?: number;
  readonly exit?: Pick<Run, 'exitRoute' | 'exitCode' | 'exitSignal'>;
  readonly activities?: readonly SampleActivity[];
  readonly id?: string;
  readonly revision?: number;
  readonly parentRunId?: string;
  readonly dropped?: number;
}

/** An activity at a time after the start of its run. */
export interface SampleActivity {
  readonly type: string;
  readonly attributes: Activity['attributes'];
  readonly atMs: number;
  readonly forMs?: number;
  readonly count?: number;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly rows?: number;
  readonly errors?: number;
}

/** Sends runs as one batch of a new spool. */
export async function sendRuns(sender: Sender, samples: readonly SampleRun[]): Promise<string[]> {
  const built = samples.map(build);
  await sender.sendBatch({
    body: {
      protocolVersion: 1,
      spoolId: randomUUID(),
      sequence: 1,
      createdAt: new Date().toISOString(),
      runs: built.map(({ run }) => run),
      activities: built.flatMap(({ activities }) => activities),
    },
  });
  return built.map(({ run }) => run.id);
}

function build(sample: SampleRun): { run: Run; activities: Activity[] } {
  const id = sample.id ?? randomUUID();
  const startMs = sample.startedAt.getTime();
  const sha256 = createHash('sha256').update(sample.script).digest('hex');
  const at = (ms: number) => new Date(startMs + ms).toISOString();
  const run: Run = {
    id,
    revision: sample.revision ?? 1,
    ...(sample.parentRunId === undefined ? {} : { parentRunId: sample.parentRunId }),
    startKind: 'start',
    status: sample.durationMs === undefined ? 'running' : 'ended',
    script: {
      id: sha256.slice(0, 32),
      kind: 'file',
      name: sample.script,
      path: `/home/${sample.userName}/scripts/${sample.script}`,
      sha256,
      sizeBytes: 2048 + sample.script.length * 97,
    },
    interpreter: { path: '/usr/bin/python3.12', implementation: 'cpython', version: '3.12.4', basePrefix: '/usr' },
    environment: { prefix: `/home/${sample.userName}/.venvs/reports`, kind: 'virtual' },
    user: { name: sample.userName, id: 1000 },
    hostName: sample.hostName,
    pid: 4211,
    parentPid: 4200,
    workingDirectory: `/home/${sample.userName}`,
    argumentCount: 2,
    argumentShape: 'flag path',
    startedAt: at(0),
    ...(sample.durationMs === undefined
      ? {}
      : {
          endedAt: at(sample.durationMs),
          durationMs: sample.durationMs,
          exitRoute: 'finished' as const,
          cpuUserMs: sample.durationMs * 0.4,
          cpuSystemMs: sample.durationMs * 0.06,
          peakMemoryBytes: 48_000_000 + sample.durationMs * 900,
          ...sample.exit,
        }),
    probe: { version: '0.1.0', dropped: sample.dropped ?? 0, errors: 0 },
  };
  const activities = (sample.activities ?? []).map((activity, index) => ({
    runId: id,
    id: index + 1,
    revision: 1,
    type: activity.type,
    attributes: activity.attributes,
    count: activity.count ?? 1,
    bytesIn: activity.bytesIn ?? 0,
    bytesOut: activity.bytesOut ?? 0,
    rows: activity.rows ?? 0,
    errors: activity.errors ?? 0,
    firstSeen: at(activity.atMs),
    lastSeen: at(activity.atMs + (activity.forMs ?? 0)),
  }));
  return { run, activities };
}
