import type { Actor } from '../audit/audit-trail.ts';

/** The server itself, where it acts by a rule and nobody asked. */
export const SYSTEM: Actor = { accountId: 'system', userName: 'system' };
