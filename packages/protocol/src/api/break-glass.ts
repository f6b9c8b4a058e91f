import { z } from 'zod';
import { defineOperation } from '../operation.ts';

/** Longest time that everything is only reported. */
export const BREAK_GLASS_MAX_MINUTES = 240;

/** The observe-only switch: asked for by one person, turned by another. */
export const BreakGlass = z.object({
  id: z.uuid(),
  state: z.enum(['asked', 'active', 'ended']),
  reason: z.string(),
  askedBy: z.string(),
  askedAt: z.iso.datetime({ precision: 3 }),
  minutes: z.int().min(1).max(BREAK_GLASS_MAX_MINUTES),
  confirmedBy: z.string().optional(),
  until: z.iso.datetime({ precision: 3 }).optional(),
  endedBy: z.string().optional().meta({ description: 'Absent where it ran out.' }),
});
export type BreakGlass = z.infer<typeof BreakGlass>;

const Reason = z.string().trim().min(3).max(2000);

export const getBreakGlass = defineOperation({
  id: 'getBreakGlass',
  method: 'GET',
  path: '/break-glass',
  permission: 'self',
  summary: 'Whether everything is only reported now, or somebody asked for that.',
  response: z.object({ current: BreakGlass.optional() }),
});

export const askBreakGlass = defineOperation({
  id: 'askBreakGlass',
  method: 'POST',
  path: '/break-glass',
  permission: 'action.send',
  summary: 'Asks that everything is only reported for a while; another person must confirm within 15 minutes.',
  body: z.strictObject({ reason: Reason, minutes: z.int().min(5).max(BREAK_GLASS_MAX_MINUTES).default(60) }),
  response: BreakGlass,
});

export const confirmBreakGlass = defineOperation({
  id: 'confirmBreakGlass',
  method: 'POST',
  path: '/break-glass/confirmation',
  permission: 'policy.approve',
  summary: 'Turns the switch; never by the one who asked. It reaches endpoints with the next signed bundle.',
  body: z.strictObject({ reason: Reason }),
  response: BreakGlass,
});

export const endBreakGlass = defineOperation({
  id: 'endBreakGlass',
  method: 'DELETE',
  path: '/break-glass',
  permission: 'action.send',
  summary: 'Ends it, or takes the question back.',
  response: BreakGlass,
});
