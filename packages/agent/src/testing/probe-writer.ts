import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_FILE_SUFFIX } from '@sentinel/protocol';

let made = 0;

/** A run id that looks as the probe makes them: UUIDv7, rising. */
function newRunId(): string {
  made++;
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${(made % 4096).toString(16).padStart(3, '0')}-8000-${process.pid.toString(16).padStart(12, '0')}`;
}

/** Writes a probe file as a probe does: whole lines, appended. */
export class ProbeWriter {
  readonly runId: string;
  readonly path: string;
  #id = 0;

  constructor(folder: string, attributes: Readonly<Record<string, string | number>> = {}, runId = newRunId()) {
    this.runId = runId;
    this.path = join(folder, `${runId}${PROBE_FILE_SUFFIX}`);
    this.line('H', 1, now(), {
      'sentinel.run.id': runId,
      'sentinel.run.start_kind': 'start',
      'process.pid': process.pid,
      'process.parent_pid': process.ppid,
      'process.executable.path': '/usr/bin/python3',
      'process.runtime.name': 'cpython',
      'process.runtime.version': '3.11.7',
      'sentinel.interpreter.prefix': '/usr',
      'sentinel.interpreter.base_prefix': '/usr',
      'sentinel.probe.version': '0.1.0',
      'sentinel.script.kind': 'file',
      'sentinel.script.path': '/nowhere/x.py',
      ...attributes,
    });
  }

  /** Writes a new activity. @returns its id. */
  activity(path = `/data/${this.#id}`, more: Readonly<Record<string, string>> = {}): number {
    this.#id++;
    this.line('A', this.#id, 'file.open', now(), 1, 0, 0, 0, 0, {
      'file.path': path,
      'sentinel.file.operation': 'read',
      ...more,
    });
    return this.#id;
  }

  /** Writes a change of an activity's totals. */
  change(id: number, count: number): void {
    this.line('C', id, now(), count, count * 10, 0, 0, 0, {});
  }

  end(attributes: Readonly<Record<string, string | number>> = { 'sentinel.run.exit_route': 'finished' }): void {
    this.line('E', now(), attributes);
  }

  line(...fields: (string | number | bigint | Readonly<Record<string, string | number>>)[]): void {
    const texts = fields.flatMap((field) =>
      typeof field === 'object' ? Object.entries(field).flat().map(String) : [String(field)],
    );
    appendFileSync(this.path, `${texts.join('\t')}\n`);
  }
}

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
