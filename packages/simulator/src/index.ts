export { fillHistory, type HistoryOptions, historyOf } from './fill-history.ts';
export { type FleetCounts, Latencies } from './fleet-counts.ts';
export { leanFetch } from './lean-fetch.ts';
export { type MadeRun, makeRun } from './make-run.ts';
export { type FleetOptions, type FleetPlan, type PlannedEndpoint, planFleet } from './plan-fleet.ts';
export { type RunTemplate, readTemplates } from './read-templates.ts';
export { SeededRandom } from './seeded-random.ts';
export { SimulatedFleet, type SimulatedFleetOptions } from './simulated-fleet.ts';
