import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import {
  CollectedScript,
  MAX_VAULT_SOURCE_BYTES,
  RestoredFile,
  RunRecipe,
  SecretReference,
  VaultEntry,
} from '../vault.ts';

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const EntryId = z.object({ sha256: SHA256 });

export const listWantedScripts = defineOperation({
  id: 'listWantedScripts',
  method: 'POST',
  path: '/vault/wanted',
  permission: 'agent',
  summary: 'Which of these versions the vault lacks and wants.',
  body: z.object({
    candidates: z
      .array(
        z.object({
          sha256: SHA256,
          isLibrary: z.boolean().meta({ description: 'Part of an installed package or of the interpreter.' }),
          sizeBytes: z.int().nonnegative().optional(),
        }),
      )
      .max(500),
  }),
  response: z.object({
    wanted: z.array(SHA256),
    fingerprintKey: z.base64().meta({ description: 'Key of the fingerprints of credentials.' }),
    maxSourceBytes: z.int().positive(),
  }),
});

export const storeScript = defineOperation({
  id: 'storeScript',
  method: 'POST',
  path: '/vault/versions',
  permission: 'agent',
  summary: 'Hand in a version of a script, its credentials replaced by references.',
  // JSON writes a character in up to six bytes.
  maxBodyBytes: 6 * MAX_VAULT_SOURCE_BYTES,
  body: CollectedScript,
  response: z.object({ outcome: z.enum(['stored', 'duplicate']) }),
});

export const listVault = defineOperation({
  id: 'listVault',
  method: 'GET',
  path: '/vault',
  permission: 'vault.read',
  summary: 'Versions of scripts in the vault, newest first.',
  query: z
    .object({
      q: z
        .string()
        .max(200)
        .optional()
        .meta({ description: 'Part of the name or path, or the beginning of the hash.' }),
      scriptId: z.string().max(64).optional(),
    })
    .extend(PageQuery.shape),
  response: pageOf(
    VaultEntry.extend({
      runs: z.int().nonnegative(),
      users: z.array(z.string()),
      lastRunAt: z.iso.datetime({ precision: 3 }).optional(),
    }),
  ),
});

export const getVaultEntry = defineOperation({
  id: 'getVaultEntry',
  method: 'GET',
  path: '/vault/:sha256',
  permission: 'vault.read',
  summary: 'One version with its source, and what it needs to run again. Looking at it is kept in the audit log.',
  params: EntryId,
  response: VaultEntry.extend({
    text: z.string(),
    references: z.array(SecretReference),
    recipe: RunRecipe,
  }),
});

export const restoreVaultEntry = defineOperation({
  id: 'restoreVaultEntry',
  method: 'POST',
  path: '/vault/:sha256/restore',
  permission: 'vault.restore',
  summary: 'The files of a folder that runs again: script, lock file, README. Kept in the audit log.',
  params: EntryId,
  body: z.object({ reason: z.string().min(3).max(500) }),
  response: z.object({ files: z.array(RestoredFile) }),
});
