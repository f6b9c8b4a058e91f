import { randomBytes } from 'node:crypto';
import { MAX_VAULT_SOURCE_BYTES, type RunRecipe, type SecretReference, SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import {
  countRestore,
  findVersion,
  insertVersion,
  listKnownVersions,
  listVersions,
  toVaultEntry,
  type VaultVersionTable,
  vaultSetting,
} from '../store/vault-version.ts';
import { makeRecipe } from '../vault/make-recipe.ts';
import { makeRestoration } from '../vault/make-restoration.ts';
import { runsOfScripts } from '../vault/runs-of-scripts.ts';
import { sealSource, unsealSource } from '../vault/vault-content.ts';
import type { Handlers } from './handler.ts';

type VaultOperation = 'listWantedScripts' | 'storeScript' | 'listVault' | 'getVaultEntry' | 'restoreVaultEntry';

const NOTHING_OBSERVED: Omit<RunRecipe, 'madeAt'> = {
  runs: 0,
  users: [],
  machines: [],
  interpreters: [],
  packages: [],
  arguments: [],
  workingDirectories: [],
  schedules: [],
  sources: [],
  destinations: [],
  programs: [],
};

/** Versions of scripts that ran, kept so that they run again. */
export function vault(services: Services): Handlers<VaultOperation> {
  const { control, events, seal, audit, vaultScope } = services;
  return {
    async listWantedScripts({ body }) {
      const candidates = body.candidates.filter(
        ({ isLibrary, sizeBytes = 0 }) =>
          vaultScope !== 'none' && (vaultScope === 'all' || !isLibrary) && sizeBytes <= MAX_VAULT_SOURCE_BYTES,
      );
      const hashes = [...new Set(candidates.map(({ sha256 }) => sha256))];
      const known = await listKnownVersions(control, hashes);
      const key = await vaultSetting(control, 'fingerprint-key', () =>
        seal.sealText(randomBytes(32).toString('base64'), 'vault/fingerprint-key'),
      );
      return {
        wanted: hashes.filter((sha256) => !known.has(sha256)),
        fingerprintKey: seal.unsealText(key, 'vault/fingerprint-key'),
        maxSourceBytes: MAX_VAULT_SOURCE_BYTES,
      };
    },
    async storeScript({ endpointId, body }) {
      if (vaultScope === 'none') throw new SentinelError('not-allowed', 'This server keeps no scripts.');
      const content = await sealSource(seal, body.sha256, body.text);
      const isNew = await insertVersion(control, body, content, endpointId);
      return { outcome: isNew ? 'stored' : 'duplicate' };
    },
    async listVault({ query }) {
      const page = await listVersions(control, query);
      const runs = await runsOfScripts(
        events,
        page.items.map(({ scriptId }) => scriptId),
      );
      const items = page.items.map((entry) => ({ ...entry, ...(runs.get(entry.scriptId) ?? { runs: 0, users: [] }) }));
      return { ...page, items };
    },
    async getVaultEntry({ params, person }) {
      const { row, text, references, recipe } = await open(services, params.sha256);
      await audit.record(person, {
        action: 'vault.view',
        object: { kind: 'vault-entry', id: row.sha256 },
        after: { name: row.name },
      });
      return { ...toVaultEntry(row), text, references, recipe };
    },
    async restoreVaultEntry({ params, body, person }) {
      const { row, text, references, recipe } = await open(services, params.sha256);
      await audit.record(person, {
        action: 'vault.restore',
        object: { kind: 'vault-entry', id: row.sha256 },
        after: { name: row.name },
        reason: body.reason,
      });
      await countRestore(control, row.sha256, Date.now());
      return { files: makeRestoration(toVaultEntry(row), text, references, recipe) };
    },
  };
}

async function open(
  { control, events, seal }: Services,
  sha256: string,
): Promise<{ row: VaultVersionTable; text: string; references: SecretReference[]; recipe: RunRecipe }> {
  const row = await findVersion(control, sha256);
  if (row === undefined) throw new SentinelError('not-found', 'The vault has no version with this hash.');
  const nowMs = Date.now();
  const recipe =
    (await makeRecipe(control, events, row.script_id, nowMs)) ??
    (row.recipe === null
      ? { madeAt: new Date(nowMs).toISOString(), ...NOTHING_OBSERVED }
      : (JSON.parse(row.recipe) as RunRecipe));
  return {
    row,
    text: await unsealSource(seal, sha256, row.content),
    references: JSON.parse(row.secret_references) as SecretReference[],
    recipe,
  };
}
