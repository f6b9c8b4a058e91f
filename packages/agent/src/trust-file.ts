import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeDurably } from './write-durably.ts';

/** Whom this endpoint believes. It comes from whoever sets the endpoint up, never from the server. */
export const OperatorTrustConfig = z.strictObject({
  organisation: z.string().min(1).max(200),
  /** Public keys of operators, Ed25519, base64. */
  keys: z.array(z.base64().length(44)).min(1).max(32),
  /** How many of them must have signed. */
  threshold: z.int().min(1),
  /** Sorts of endpoints that this one is of. */
  groups: z.array(z.string().regex(/^[^\s,\\]{1,100}$/)).max(32),
});
export type OperatorTrustConfig = z.infer<typeof OperatorTrustConfig>;

/** What the command line or an installer says of it. */
export interface GivenTrust {
  readonly organisation?: string | undefined;
  readonly keys: readonly string[];
  readonly threshold?: number | undefined;
  readonly groups: readonly string[];
}

/**
 * Pins what is given, or reads what was pinned before.
 * @throws Error with a sentence for the operator when it cannot be right.
 */
export async function openTrust(path: string, given: GivenTrust): Promise<OperatorTrustConfig | undefined> {
  const pinned = readTrust(path);
  const isGiven = given.keys.length > 0 || given.organisation !== undefined || given.groups.length > 0;
  if (!isGiven && given.threshold === undefined) return pinned;
  const trust = OperatorTrustConfig.safeParse({
    organisation: given.organisation ?? pinned?.organisation,
    keys: given.keys.length > 0 ? [...new Set(given.keys)] : pinned?.keys,
    threshold: given.threshold ?? pinned?.threshold ?? 1,
    groups: given.groups.length > 0 ? [...new Set(given.groups)] : (pinned?.groups ?? []),
  });
  if (!trust.success)
    throw new Error('operators are named by --organisation and at least one --operator-key (32 bytes in base64)');
  if (trust.data.threshold > trust.data.keys.length)
    throw new Error(`${trust.data.threshold} operators must sign, but only ${trust.data.keys.length} are known`);
  if (JSON.stringify(trust.data) !== JSON.stringify(pinned))
    await writeDurably(path, `${JSON.stringify(trust.data, null, 2)}\n`, 0o600);
  return trust.data;
}

function readTrust(path: string): OperatorTrustConfig | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return OperatorTrustConfig.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged: put it right or remove it and name the operators again`, { cause: error });
  }
}
