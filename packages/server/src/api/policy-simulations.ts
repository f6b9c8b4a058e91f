import { readPolicy } from '@sentinel/policy';
import { SentinelError } from '@sentinel/protocol';
import { checkHistory } from '../policy/check-history.ts';
import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

/** Policies played over stored history. */
export function policySimulations({
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
      checkHistory(fromMs, toMs, body.timeZone);
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
