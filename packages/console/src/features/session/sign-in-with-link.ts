import { client } from '../../api/client.ts';

/** Signs in with the token of a one-time link. */
export function signInWithLink(token: string) {
  return client.signInWithLink({ body: { token } });
}
