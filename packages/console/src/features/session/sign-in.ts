import { client } from '../../api/client.ts';

/** Signs in with name and password. */
export function signIn(credentials: { userName: string; password: string }) {
  return client.signIn({ body: credentials });
}
