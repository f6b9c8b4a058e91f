import { readdirSync } from 'node:fs';
import { ProcessLook } from './look-at-process.ts';
import type { ProcessSensor, SensorListener } from './process-sensor.ts';

/** Measured on 95 processes: 0.4 to 0.9 % of a core; sees 1 in 10 of the runs that last 20 ms. */
const INTERVAL_MS = 200;

/** Sensor that looks at `/proc` again and again: needs no rights, and misses short runs. */
export function openPollingSensor(note: string, hosts: readonly string[], listener: SensorListener): ProcessSensor {
  const processes = new ProcessLook(new Set(hosts));
  /** How often each process was looked at: one first seen between fork and exec is looked at again. */
  const looks = new Map<number, number>();
  const pythons = new Set<number>();
  let execs = 0;
  const poll = (isFirst: boolean) => {
    const present = new Set<number>();
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      present.add(pid);
      const count = looks.get(pid) ?? 0;
      if (count >= 2) continue;
      looks.set(pid, isFirst ? 2 : count + 1);
      // What ran before is no start.
      if (isFirst || pythons.has(pid)) continue;
      if (count === 0) execs++;
      const look = processes.look(pid, undefined, Date.now());
      if (look.kind !== 'python') continue;
      pythons.add(pid);
      listener.onStart(look.start);
    }
    for (const pid of looks.keys()) {
      if (present.has(pid)) continue;
      looks.delete(pid);
      if (pythons.delete(pid)) listener.onEnd(pid, Date.now());
    }
  };
  poll(true);
  const timer = setInterval(() => poll(false), INTERVAL_MS);
  return {
    health: () => ({ kind: 'sampled', note, execs, lost: 0, unread: 0 }),
    close() {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
