import { z } from 'zod';
import { defineOperation } from '../operation.ts';

const MAX_POLICIES = 200;
const MAX_SOURCE_LENGTH = 1_000_000;

/** Who or what a statement would have hit. */
export const HitCount = z.object({
  name: z.string().meta({ description: 'Script, account or endpoint.' }),
  label: z.string().optional().meta({ description: 'Name for people, where the other is an id.' }),
  hits: z.int().nonnegative().meta({ description: 'Activities.' }),
  runs: z.int().nonnegative(),
});
export type HitCount = z.infer<typeof HitCount>;

/** What one statement would have done over history. */
export const SimulatedStatement = z.object({
  policyId: z.string(),
  statementId: z.string(),
  effect: z.string(),
  hits: z.int().nonnegative().meta({ description: 'Activities that match.' }),
  runs: z.int().nonnegative(),
  scripts: z.array(HitCount).meta({ description: 'At most 100, most runs first.' }),
  users: z.array(HitCount).meta({ description: 'At most 100, most runs first.' }),
  endpoints: z.array(HitCount).meta({ description: 'At most 100, most runs first.' }),
  departments: z
    .array(HitCount)
    .default([])
    .meta({ description: 'Departments of those endpoints, as far as they have one; at most 100.' }),
  runIds: z.array(z.uuid()).meta({ description: 'Some of the runs, at most 20.' }),
});
export type SimulatedStatement = z.infer<typeof SimulatedStatement>;

/** A simulation: how far it is, and what came of it. */
export const Simulation = z.object({
  id: z.uuid(),
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  share: z.number().min(0).max(1).meta({ description: 'Share of the history that was played.' }),
  activities: z.int().nonnegative().meta({ description: 'Activities played so far.' }),
  from: z.iso.datetime({ precision: 3 }),
  to: z.iso.datetime({ precision: 3 }),
  problem: z.string().optional(),
  statements: z.array(SimulatedStatement).meta({ description: 'Empty while it runs.' }),
});
export type Simulation = z.infer<typeof Simulation>;

export const startSimulation = defineOperation({
  id: 'startSimulation',
  method: 'POST',
  path: '/policy-simulations',
  permission: 'policy.write',
  summary: 'Plays policies over stored history: who and what would have been hit.',
  body: z.object({
    sources: z
      .array(z.string().max(MAX_SOURCE_LENGTH))
      .min(1)
      .max(MAX_POLICIES)
      .meta({ description: 'Policy files as they are written.' }),
    from: z.iso.datetime().meta({ description: 'Start of the history.' }),
    to: z.iso.datetime().meta({ description: 'End of the history.' }),
    timeZone: z.string().max(64).default('UTC').meta({ description: 'IANA name that hours are judged by.' }),
  }),
  maxBodyBytes: 4 * 1024 * 1024,
  response: Simulation,
});

export const getSimulation = defineOperation({
  id: 'getSimulation',
  method: 'GET',
  path: '/policy-simulations/:simulationId',
  permission: 'policy.write',
  summary: 'How far a simulation is, and what came of it. Kept for an hour.',
  params: z.object({ simulationId: z.uuid() }),
  response: Simulation,
});

export const cancelSimulation = defineOperation({
  id: 'cancelSimulation',
  method: 'DELETE',
  path: '/policy-simulations/:simulationId',
  permission: 'policy.write',
  summary: 'Ends a simulation early; what it found so far stays.',
  params: z.object({ simulationId: z.uuid() }),
  response: Simulation,
});
