import type { Services } from '../services.ts';
import { account } from './account.ts';
import { actionRequests } from './action-requests.ts';
import { actions } from './actions.ts';
import { approvals } from './approvals.ts';
import { audit } from './audit.ts';
import { batches } from './batches.ts';
import { board } from './board.ts';
import { breakGlass } from './break-glass.ts';
import { bundleDrafts } from './bundle-drafts.ts';
import { bundles } from './bundles.ts';
import { data } from './data.ts';
import { dataSamples } from './data-samples.ts';
import { demo } from './demo.ts';
import { departments } from './departments.ts';
import { endpointSignals } from './endpoint-signals.ts';
import { endpoints } from './endpoints.ts';
import { enrolments } from './enrolments.ts';
import { families } from './families.ts';
import { findings } from './findings.ts';
import type { Handlers } from './handler.ts';
import { health } from './health.ts';
import { heartbeats } from './heartbeats.ts';
import { inventories } from './inventories.ts';
import { leavers } from './leavers.ts';
import { leftFiles } from './left-files.ts';
import { libraries } from './libraries.ts';
import { overview } from './overview.ts';
import { people } from './people.ts';
import { peopleDirectory } from './people-directory.ts';
import { policies } from './policies.ts';
import { policySimulations } from './policy-simulations.ts';
import { retention } from './retention.ts';
import { risk } from './risk.ts';
import { runs } from './runs.ts';
import { scriptFacts } from './script-facts.ts';
import { scripts } from './scripts.ts';
import { sessions } from './sessions.ts';
import { tokens } from './tokens.ts';
import { vault } from './vault.ts';
import { waivers } from './waivers.ts';

/** A handler for every operation of the protocol; the compiler refuses a missing one. */
export function allHandlers(services: Services): Handlers {
  return {
    ...scriptFacts(services),
    ...retention(services),
    ...risk(services),
    ...findings(services),
    ...families(services),
    ...departments(services),
    ...data(services),
    ...dataSamples(services),
    ...board(services),
    ...account(services),
    ...actions(services),
    ...actionRequests(services),
    ...audit(services),
    ...approvals(services),
    ...batches(services),
    ...breakGlass(services),
    ...bundleDrafts(services),
    ...bundles(services),
    ...demo(services),
    ...endpoints(services),
    ...endpointSignals(services),
    ...enrolments(services),
    ...health(services),
    ...heartbeats(services),
    ...inventories(services),
    ...leftFiles(services),
    ...libraries(services),
    ...overview(services),
    ...policies(services),
    ...policySimulations(services),
    ...runs(services),
    ...scripts(services),
    ...sessions(services),
    ...waivers(services),
    ...leavers(services),
    ...people(services),
    ...peopleDirectory(services),
    ...tokens(services),
    ...vault(services),
  };
}
