import type { Services } from '../services.ts';
import { batches } from './batches.ts';
import { demo } from './demo.ts';
import { endpoints } from './endpoints.ts';
import { enrolments } from './enrolments.ts';
import type { Handlers } from './handler.ts';
import { health } from './health.ts';
import { heartbeats } from './heartbeats.ts';
import { inventories } from './inventories.ts';
import { overview } from './overview.ts';
import { policies } from './policies.ts';
import { runs } from './runs.ts';
import { scripts } from './scripts.ts';
import { sessions } from './sessions.ts';

/** A handler for every operation of the protocol; the compiler refuses a missing one. */
export function allHandlers(services: Services): Handlers {
  return {
    ...batches(services),
    ...demo(services),
    ...endpoints(services),
    ...enrolments(services),
    ...health(services),
    ...heartbeats(services),
    ...inventories(services),
    ...overview(services),
    ...policies(services),
    ...runs(services),
    ...scripts(services),
    ...sessions(services),
  };
}
