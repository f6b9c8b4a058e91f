import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import { ApprovalState, ApprovalTerms, ScriptApproval, ScriptApprovalDetail } from '../script-approval.ts';
import { ScriptSummary } from '../script-summary.ts';

const ApprovalId = z.object({ approvalId: z.uuid() });
const Reason = z.string().trim().min(3).max(2000).meta({ description: 'Why; it stands in the audit trail.' });
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex');

export const listApprovals = defineOperation({
  id: 'listApprovals',
  method: 'GET',
  path: '/approvals',
  permission: 'read',
  summary: 'Requests for approvals of scripts and what became of them, newest first.',
  query: z
    .object({
      state: ApprovalState.optional(),
      waitsForMe: z
        .enum(['yes'])
        .optional()
        .meta({ description: 'yes: only pending ones that the reader may decide.' }),
      q: z.string().max(200).optional().meta({ description: 'Text in name, path, SHA-256 or requester.' }),
      sha256: Sha256.optional(),
    })
    .extend(PageQuery.shape),
  response: pageOf(ScriptApproval),
});

export const getApproval = defineOperation({
  id: 'getApproval',
  method: 'GET',
  path: '/approvals/:approvalId',
  permission: 'read',
  summary: 'One request with its evidence and what differs from the version that was approved last.',
  params: ApprovalId,
  response: ScriptApprovalDetail,
});

export const requestApproval = defineOperation({
  id: 'requestApproval',
  method: 'POST',
  path: '/approvals',
  permission: 'script.request',
  summary: 'Asks for the approval of exactly one version of a script.',
  body: z.strictObject({
    sha256: Sha256,
    scriptName: z.string().min(1).max(500),
    scriptPath: z.string().max(4096).optional(),
    reason: Reason,
    ticket: z.string().trim().max(200).optional(),
    terms: ApprovalTerms.prefault({}),
    summary: ScriptSummary.optional().meta({
      description: 'What analysis says that it could do; of the requester’s machine.',
    }),
  }),
  maxBodyBytes: 1024 * 1024,
  response: ScriptApproval,
});

export const decideApproval = defineOperation({
  id: 'decideApproval',
  method: 'POST',
  path: '/approvals/:approvalId/decision',
  permission: 'script.approve',
  summary: 'Approves or refuses; never by who asked, nor by who first ran that version.',
  params: ApprovalId,
  body: z.strictObject({
    isApproved: z.boolean(),
    reason: Reason,
    terms: ApprovalTerms.optional().meta({ description: 'Other terms than those asked for.' }),
    days: z.int().min(1).max(365).default(180).meta({ description: 'How long it holds.' }),
  }),
  response: ScriptApproval,
});

export const revokeApproval = defineOperation({
  id: 'revokeApproval',
  method: 'POST',
  path: '/approvals/:approvalId/revocation',
  permission: 'script.approve',
  summary: 'Takes an approval back.',
  params: ApprovalId,
  body: z.strictObject({ reason: Reason }),
  response: ScriptApproval,
});

export const withdrawApproval = defineOperation({
  id: 'withdrawApproval',
  method: 'POST',
  path: '/approvals/:approvalId/withdrawal',
  permission: 'script.request',
  summary: 'The requester takes the request back.',
  params: ApprovalId,
  body: z.strictObject({ reason: Reason }),
  response: ScriptApproval,
});
