import { readPolicy } from '@sentinel/policy';
import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

const DAY_MS = 86_400_000;
/** Longest history that one simulation plays. */
const MAX_DAYS = 400;

/** Policies played over stored history. */
export function policies({
  simulations,
}: Services): Handlers<'startSimulation' | 'getSimulation' | 'cancelSimulation'> {
  return {
    async startSimulation({ body }) {
      const compiled = body.sources.map((source, index) => {
        const read = readPolicy(source);
        if (read.compiled !== undefined) return read.compiled;
        const [fault] = read.faults;
        throw new SentinelError(
          'bad-request',
          `Policy ${index + 1}, line ${fault?.line ?? 1}: ${fault?.message ?? 'it has errors'}.`,
        );
      });
      const twice = compiled.find(({ id }, index) => compiled.findIndex((other) => other.id === id) !== index);
      if (twice !== undefined) throw new SentinelError('bad-request', `Two policies have the id ${twice.id}.`);
      const fromMs = Date.parse(body.from);
      const toMs = Date.parse(body.to);
      if (!(fromMs < toMs) || toMs - fromMs > MAX_DAYS * DAY_MS)
        throw new SentinelError(
          'bad-request',
          `The history must begin before it ends and span at most ${MAX_DAYS} days.`,
        );
      if (!isTimeZone(body.timeZone))
        throw new SentinelError('bad-request', `${body.timeZone} is no time zone; write one such as Europe/Berlin.`);
      return simulations.start({ policies: compiled, fromMs, toMs, timeZone: body.timeZone });
    },
    async getSimulation({ params: { simulationId } }) {
      return simulations.find(simulationId);
    },
    async cancelSimulation({ params: { simulationId } }) {
      return simulations.cancel(simulationId);
    },
  };
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z0-9_/+-]+$/.test(name) && new Date(0).toLocaleString('en', { timeZone: name }) !== '';
  } catch {
    return false;
  }
}
