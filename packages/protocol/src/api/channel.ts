import { z } from 'zod';
import { SignedAction } from '../agent-action.ts';
import { defineOperation } from '../operation.ts';
import { SignedPolicyBundle } from '../policy-bundle.ts';
import { PolicyShares } from '../policy-shares.ts';

/** What comes on the channel of an agent. */
export const ChannelEvent = z.discriminatedUnion('kind', [
  /** The channel is open. */
  z.object({ kind: z.literal('open') }),
  /** There is a policy bundle for this endpoint. */
  z.object({
    kind: z.literal('policy'),
    version: z.int().positive(),
    spreadMs: z.int().nonnegative().meta({ description: 'Ask for it within this time, at a random moment.' }),
    shares: PolicyShares,
    signed: SignedPolicyBundle.optional().meta({ description: 'The bundle itself, where it is small.' }),
  }),
  /** An action for this endpoint. */
  z.object({ kind: z.literal('action'), signed: SignedAction }),
]);
export type ChannelEvent = z.infer<typeof ChannelEvent>;

export const openChannel = defineOperation({
  id: 'openChannel',
  method: 'GET',
  path: '/channel',
  permission: 'agent',
  summary: 'Held open by an agent: new policies and actions as they come.',
  response: ChannelEvent,
  stream: true,
});
