import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** A path of our own; anything else could lead a signed-in person to another site. */
const LocalPath = z
  .string()
  .max(2000)
  .regex(/^\/(?![/\\])/);

/** What the link of the sign-in may say: where to go afterwards, and why the company's sign-in did not let somebody in. */
export const SignInSearch = tolerant(
  z.object({ returnTo: LocalPath.optional(), refused: z.string().max(200).optional() }),
);
