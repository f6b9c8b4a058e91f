import { client } from '../../api/client.ts';

/** Ends the session. */
export function signOut() {
  return client.signOut();
}
