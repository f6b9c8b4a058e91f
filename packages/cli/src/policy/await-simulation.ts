import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@sentinel/client';
import type { Simulation } from '@sentinel/protocol';

const LOOK_MS = 300;

/** Waits until a simulation is done, telling how far it is on a terminal; Ctrl-C ends it on the server too. @throws when it failed. */
export async function awaitSimulation(client: Client, started: Simulation): Promise<Simulation> {
  const params = { simulationId: started.id };
  const stop = () => void client.cancelSimulation({ params }).catch(() => undefined);
  process.once('SIGINT', stop);
  try {
    let simulation = started;
    while (simulation.status === 'running') {
      await sleep(LOOK_MS);
      simulation = await client.getSimulation({ params });
      if (process.stderr.isTTY)
        process.stderr.write(`\rplayed ${Math.round(simulation.share * 100)} %, ${simulation.activities} activities `);
    }
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    if (simulation.status === 'done') return simulation;
    throw new Error(simulation.problem ?? `the simulation was ${simulation.status}`);
  } finally {
    process.off('SIGINT', stop);
  }
}
