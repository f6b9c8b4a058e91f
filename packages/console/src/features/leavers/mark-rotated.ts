import { client } from '../../api/client.ts';

/** Says that a credential was changed. */
export function markRotated({ personId, subject }: { personId: string; subject: string }) {
  return client.markRotated({ params: { personId }, body: { subject } });
}
