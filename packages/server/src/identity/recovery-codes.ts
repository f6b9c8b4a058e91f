import { createHash, randomBytes } from 'node:crypto';
import type { ControlStore } from '../store/control-store.ts';

/** Row of a recovery code that was not used yet. */
export interface RecoveryCodeTable {
  account_id: string;
  code_hash: string;
}

const CODES = 10;
/** Letters and digits that nobody mixes up. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 50 bits: nobody guesses one at the pace of the lock. */
const CHARACTERS = 10;

/** Replaces the recovery codes of an account; they are in the answer only. */
export async function replaceRecoveryCodes(store: ControlStore, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newCode);
  await store.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
    await transaction
      .insertInto('recovery_code')
      .values(codes.map((code) => ({ account_id: accountId, code_hash: hashCode(accountId, code) })))
      .execute();
  });
  return codes;
}

/** Uses a code up; false if it is none of the account's. */
export async function useRecoveryCode(store: ControlStore, accountId: string, code: string): Promise<boolean> {
  const result = await store
    .deleteFrom('recovery_code')
    .where('account_id', '=', accountId)
    .where('code_hash', '=', hashCode(accountId, code))
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

function newCode(): string {
  // 31 does not divide 256: bytes beyond the last whole multiple are left out, so that all characters are equally likely.
  const limit = 256 - (256 % ALPHABET.length);
  let code = '';
  while (code.length < CHARACTERS)
    for (const byte of randomBytes(CHARACTERS)) {
      if (byte < limit && code.length < CHARACTERS) code += ALPHABET[byte % ALPHABET.length];
    }
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

function hashCode(accountId: string, code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return createHash('sha256').update(`${accountId}/${plain}`).digest('hex');
}
