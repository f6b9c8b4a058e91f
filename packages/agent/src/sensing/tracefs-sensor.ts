import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { SensorHealth } from '@sentinel/protocol';
import { EndReader } from './end-reader.ts';
import type { ProcessSensor, SensorListener } from './process-sensor.ts';
import { openTraceInstance } from './trace-instance.ts';
import { SHARED, type TraceNews, type TraceReaderData } from './trace-messages.ts';

/** Memory of the reading thread: it keeps process ids only. */
const READER_MIB = 16;
const TAKE_MS = 250;

/**
 * Sensor over the kernel's trace: every start of every program, none missed while the loss counter stands at 0.
 * @throws Error with a sentence where the system does not allow it.
 */
export async function openTracefsSensor(hosts: readonly string[], listener: SensorListener): Promise<ProcessSensor> {
  const instance = openTraceInstance();
  const shared = new SharedArrayBuffer(4 * Object.keys(SHARED).length);
  const counters = new Int32Array(shared);
  const { port1: ours, port2: theirs } = new MessageChannel();
  const worker = new Worker(new URL('./trace-reader.ts', import.meta.url), {
    workerData: { pipe: instance.execs, hosts, shared, news: theirs } satisfies TraceReaderData,
    transferList: [theirs],
    resourceLimits: { maxOldGenerationSizeMb: READER_MIB, maxYoungGenerationSizeMb: 4 },
  });
  let problem: string | undefined;
  worker.on('error', (error: Error) => {
    problem = `the reading thread failed: ${error.message}`;
  });
  const ended = once(worker, 'exit');
  const first = await Promise.race([once(worker, 'message'), ended.then(() => undefined)]);
  if (first === undefined) {
    instance.close();
    throw new Error(problem ?? 'the reading thread ended');
  }
  // Taken now and then: waking for every start would cost more than all the rest.
  const ends = new EndReader(instance.exits);
  const take = () => {
    ends.read();
    for (let next = receiveMessageOnPort(ours); next !== undefined; next = receiveMessageOnPort(ours))
      for (const start of (next.message as TraceNews).starts) {
        listener.onStart(start);
        ends.expect(start);
      }
    for (const [pid, timeMs] of ends.take()) listener.onEnd(pid, timeMs);
  };
  const timer = setInterval(take, TAKE_MS);
  const askToStop = () => {
    Atomics.store(counters, SHARED.stop, 1);
    try {
      instance.wake();
    } catch {
      // The instance is gone, and with it the pipe.
    }
  };
  // The thread waits in the kernel; a process that ends would wait for it.
  process.once('exit', askToStop);
  let lost = 0;
  return {
    health(): SensorHealth {
      lost = Math.max(lost, instance.lost());
      const [execs, unread] = [counters[SHARED.execs] ?? 0, counters[SHARED.unread] ?? 0];
      return problem === undefined
        ? { kind: 'kernel', execs, lost, unread }
        : { kind: 'none', note: problem, execs, lost, unread };
    },
    async close() {
      process.off('exit', askToStop);
      askToStop();
      await ended;
      clearInterval(timer);
      take();
      ours.close();
      instance.close();
    },
  };
}
