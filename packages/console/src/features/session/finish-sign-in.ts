import { client } from '../../api/client.ts';

/** The second step after a password: a code of the app, or a recovery code. */
export function finishSignIn(answer: { token: string; code: string }) {
  return client.finishSignIn({ body: answer });
}
