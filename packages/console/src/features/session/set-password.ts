import { client } from '../../api/client.ts';

/** Sets the password of the signed-in account. */
export function setPassword(password: string) {
  return client.setPassword({ body: { password } });
}
