import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import {
  PolicyDiff,
  PolicyRemark,
  PolicyRow,
  PolicyStage,
  PolicyVersion,
  PolicyVersionRow,
  StatementSummary,
} from '../policy-life.ts';
import { SimulatedStatement, Simulation } from './policy-simulations.ts';

const MAX_POLICIES = 200;
const MAX_SOURCE_LENGTH = 1_000_000;

const PolicyId = z.object({ policyId: z.string().max(64) });
const VersionPath = PolicyId.extend({ version: z.coerce.number().int().positive() });
const Reason = z.string().trim().min(3).max(2000).meta({ description: 'Why; it stands in the audit trail.' });
const Source = z.string().max(MAX_SOURCE_LENGTH).meta({ description: 'A policy file as it is written.' });

export const listPolicies = defineOperation({
  id: 'listPolicies',
  method: 'GET',
  path: '/policies',
  permission: 'read',
  summary: 'Policies by id, each with its newest version and the one that endpoints have.',
  query: z
    .object({
      q: z.string().max(200).optional().meta({ description: 'Text in id or title.' }),
      stage: PolicyStage.optional().meta({ description: 'Stage of the newest or of the live version.' }),
      waitsFor: z
        .enum(['approval'])
        .optional()
        .meta({ description: 'approval: only those whose newest version waits for a second person.' }),
    })
    .extend(PageQuery.shape),
  response: pageOf(PolicyRow),
});

export const getPolicy = defineOperation({
  id: 'getPolicy',
  method: 'GET',
  path: '/policies/:policyId',
  permission: 'read',
  summary: 'One policy with its versions, newest first.',
  params: PolicyId,
  response: PolicyRow.extend({ versions: z.array(PolicyVersionRow) }),
});

export const getPolicyVersion = defineOperation({
  id: 'getPolicyVersion',
  method: 'GET',
  path: '/policies/:policyId/versions/:version',
  permission: 'read',
  summary: 'One version of a policy with its source and the kept outcome of its simulation.',
  params: VersionPath,
  response: PolicyVersion.extend({ simulated: z.array(SimulatedStatement) }),
});

export const comparePolicyVersions = defineOperation({
  id: 'comparePolicyVersions',
  method: 'GET',
  path: '/policies/:policyId/versions/:version/diff',
  permission: 'read',
  summary: 'What a version changes against another one; against the live one, or the one before, where none is named.',
  params: VersionPath,
  query: z.object({ from: z.coerce.number().int().positive().optional() }),
  response: PolicyDiff,
});

export const checkPolicy = defineOperation({
  id: 'checkPolicy',
  method: 'POST',
  path: '/policy-checks',
  permission: 'policy.write',
  summary: 'Compiles a policy, runs its examples and remarks on what is hardly meant. Keeps nothing.',
  body: z.strictObject({ source: Source }),
  maxBodyBytes: 4 * 1024 * 1024,
  response: z.object({
    policyId: z.string().optional(),
    version: z.int().optional(),
    isGood: z
      .boolean()
      .meta({ description: 'Whether it could be saved: it compiles and its examples come out right.' }),
    examples: z.int().nonnegative(),
    remarks: z.array(PolicyRemark),
    statements: z.array(StatementSummary),
  }),
});

export const planPolicies = defineOperation({
  id: 'planPolicies',
  method: 'POST',
  path: '/policy-plans',
  permission: 'policy.write',
  summary:
    'What saving these files would change, and a simulation that says who and what would be hit. The statements of the present version come under `<policy>@now`.',
  body: z.strictObject({
    sources: z.array(Source).min(1).max(MAX_POLICIES),
    from: z.iso.datetime().optional().meta({ description: 'Start of the history; without it, nothing is simulated.' }),
    to: z.iso.datetime().optional(),
    timeZone: z.string().max(64).default('UTC'),
  }),
  maxBodyBytes: 4 * 1024 * 1024,
  response: z.object({
    changes: z.array(
      z.object({
        policyId: z.string(),
        change: z.enum(['new', 'changed', 'unchanged']),
        needsApproval: z.boolean(),
        diff: PolicyDiff,
      }),
    ),
    absent: z
      .array(z.string())
      .meta({ description: 'Live policies that no file speaks of; applying leaves them as they are.' }),
    simulation: Simulation.optional(),
  }),
});

export const savePolicy = defineOperation({
  id: 'savePolicy',
  method: 'POST',
  path: '/policies',
  permission: 'policy.write',
  summary: 'Saves a version of a policy as a draft. The same file again changes nothing.',
  body: z.strictObject({ source: Source, reason: Reason, ticket: z.string().trim().max(200).optional() }),
  maxBodyBytes: 4 * 1024 * 1024,
  response: z.object({ isNew: z.boolean(), version: PolicyVersionRow }),
});

export const simulatePolicyVersion = defineOperation({
  id: 'simulatePolicyVersion',
  method: 'POST',
  path: '/policies/:policyId/versions/:version/simulation',
  permission: 'policy.write',
  summary: 'Plays a saved version over history; the outcome is kept with it and makes a draft simulated.',
  params: VersionPath,
  body: z.strictObject({
    days: z.int().min(1).max(400).default(30),
    timeZone: z.string().max(64).default('UTC'),
  }),
  response: Simulation,
});

export const decidePolicyVersion = defineOperation({
  id: 'decidePolicyVersion',
  method: 'POST',
  path: '/policies/:policyId/versions/:version/decision',
  permission: 'policy.approve',
  summary: 'The second person agrees or refuses; never the author of the version.',
  params: VersionPath,
  body: z.strictObject({ isApproved: z.boolean(), reason: Reason }),
  response: PolicyVersionRow,
});

export const advancePolicyVersion = defineOperation({
  id: 'advancePolicyVersion',
  method: 'POST',
  path: '/policies/:policyId/versions/:version/advance',
  permission: 'policy.write',
  summary:
    'Takes a version one step on: simulated to shadow, shadow to the first ring, ring to ring, last ring to enforced. Refused while a gate is shut.',
  params: VersionPath,
  body: z.strictObject({
    reason: Reason,
    isEarly: z
      .boolean()
      .default(false)
      .meta({ description: 'Goes on before the soak time is over; the other gates stay.' }),
  }),
  response: PolicyVersionRow,
});

export const withdrawPolicyVersion = defineOperation({
  id: 'withdrawPolicyVersion',
  method: 'POST',
  path: '/policies/:policyId/versions/:version/withdrawal',
  permission: 'policy.write',
  summary: 'Takes a version back; the one that it was to replace goes on.',
  params: VersionPath,
  body: z.strictObject({ reason: Reason }),
  response: PolicyVersionRow,
});

export const rollBackPolicy = defineOperation({
  id: 'rollBackPolicy',
  method: 'POST',
  path: '/policies/:policyId/rollback',
  permission: 'policy.write',
  summary: 'Enforces a version again that was in force before, and takes the present ones back.',
  params: PolicyId,
  body: z.strictObject({ version: z.int().positive(), reason: Reason }),
  response: PolicyVersionRow,
});

export const objectToDecision = defineOperation({
  id: 'objectToDecision',
  method: 'POST',
  path: '/policy-objections',
  permission: 'self',
  summary: 'Somebody who was hit says that it was wrong.',
  body: z.strictObject({
    policyId: z.string().max(64),
    statementId: z.string().max(64),
    runId: z.uuid(),
    reason: Reason,
  }),
  response: z.object({ id: z.uuid() }),
});
