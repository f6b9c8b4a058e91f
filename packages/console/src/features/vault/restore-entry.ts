import { client } from '../../api/client.ts';

/** The files of a folder in which a version runs again. */
export function restoreEntry({ sha256, reason }: { sha256: string; reason: string }) {
  return client.restoreVaultEntry({ params: { sha256 }, body: { reason } });
}
