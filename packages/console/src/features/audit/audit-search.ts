import { AuditQuestion } from '@sentinel/protocol';
import { z } from 'zod';
import { Moment } from '../../api/moment.ts';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the audit page may say: which view, and its question. */
const AuditLink = AuditQuestion.extend({
  view: z.literal('records').optional(),
  since: Moment.optional(),
  until: Moment.optional(),
  actor: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  objectKind: z.string().max(100).optional(),
  objectId: z.string().max(500).optional(),
});
export type AuditSearch = z.infer<typeof AuditLink>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const AuditSearch: z.ZodType<AuditSearch> = tolerant(AuditLink);
