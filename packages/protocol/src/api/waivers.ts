import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import { WAIVER_DAYS, WaiverRow, WaiverState } from '../waiver.ts';

const WaiverId = z.object({ waiverId: z.uuid() });
const Reason = z.string().trim().min(3).max(2000).meta({ description: 'Why; it stands in the audit trail.' });

export const listWaivers = defineOperation({
  id: 'listWaivers',
  method: 'GET',
  path: '/waivers',
  permission: 'read',
  summary: 'Waivers, those that end next first.',
  query: z
    .object({
      state: WaiverState.optional(),
      policyId: z.string().max(64).optional(),
      q: z.string().max(200).optional(),
    })
    .extend(PageQuery.shape),
  response: pageOf(WaiverRow),
});

export const requestWaiver = defineOperation({
  id: 'requestWaiver',
  method: 'POST',
  path: '/waivers',
  permission: 'script.request',
  summary: 'Asks for a dated deviation from one statement, bound to facts that its author allows.',
  body: z.strictObject({
    policyId: z.string().max(64),
    statementId: z.string().max(64),
    bound: z
      .record(z.string(), z.array(z.string().min(1).max(1000)).min(1).max(100))
      .meta({ description: 'Facts that it is bound to; all must hold, each as one of its values.' }),
    owner: z.string().trim().min(1).max(200),
    reason: Reason,
    ticket: z.string().trim().max(200).optional(),
    days: z
      .int()
      .min(1)
      .max(WAIVER_DAYS.longest)
      .default(WAIVER_DAYS.usual)
      .meta({ description: 'How long it holds from the decision on.' }),
  }),
  response: WaiverRow,
});

export const decideWaiver = defineOperation({
  id: 'decideWaiver',
  method: 'POST',
  path: '/waivers/:waiverId/decision',
  permission: 'policy.approve',
  summary: 'The second person grants or refuses; never who asked or owns it.',
  params: WaiverId,
  body: z.strictObject({ isGranted: z.boolean(), reason: Reason }),
  response: WaiverRow,
});

export const revokeWaiver = defineOperation({
  id: 'revokeWaiver',
  method: 'POST',
  path: '/waivers/:waiverId/revocation',
  permission: 'policy.write',
  summary: 'Ends a waiver before its time.',
  params: WaiverId,
  body: z.strictObject({ reason: Reason }),
  response: WaiverRow,
});
