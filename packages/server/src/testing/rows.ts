import { randomUUID } from 'node:crypto';
import type { Activity, Attributes, Batch, Run } from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';

/** A moment some time ago, as rows write it. */
export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

/** A run that still goes on, with whatever a test wants otherwise. */
export function makeRun(over: Partial<Run> = {}): Run {
  return {
    id: newUuidV7(),
    revision: 1,
    startKind: 'start',
    status: 'running',
    script: { id: 'a'.repeat(32), kind: 'file', name: 'report.py', path: '/home/ann/report.py' },
    interpreter: { path: '/usr/bin/python3', implementation: 'cpython', version: '3.11.2', basePrefix: '/usr' },
    environment: { prefix: '/usr', kind: 'base' },
    user: { name: 'ann', id: 1000 },
    hostName: 'desk-1',
    pid: 4242,
    parentPid: 1,
    argumentCount: 0,
    argumentShape: '',
    startedAt: ago(1_000),
    probe: { version: '0.1.0', dropped: 0, errors: 0 },
    ...over,
  };
}

/** An activity of a run. */
export function makeActivity(runId: string, id: number, over: Partial<Activity> = {}): Activity {
  return {
    runId,
    id,
    revision: 1,
    type: 'file.open',
    attributes: { 'file.path': `/data/${id}.csv`, 'sentinel.file.operation': 'read' },
    count: 1,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
    errors: 0,
    firstSeen: ago(900),
    lastSeen: ago(800),
    ...over,
  };
}

/** Attributes of an imported distribution. */
export function library(name: string, version = '1.0'): Attributes {
  return {
    'sentinel.module.name': name,
    'sentinel.module.kind': 'distribution',
    'sentinel.distribution.name': name,
    'sentinel.distribution.version': version,
  };
}

/** A batch of a new spool. */
export function makeBatch(over: Partial<Batch> = {}): Batch {
  return {
    protocolVersion: 1,
    spoolId: randomUUID(),
    sequence: 1,
    createdAt: ago(0),
    runs: [],
    activities: [],
    ...over,
  };
}
