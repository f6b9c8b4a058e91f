import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the machines may say: a text in the host name, and which dialog is open. */
export const MachineSearch = tolerant(
  z.object({ q: z.string().max(200).optional(), add: z.literal('1').optional(), department: z.uuid().optional() }),
);
