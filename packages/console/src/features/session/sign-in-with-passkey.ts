import { client } from '../../api/client.ts';
import { askForPasskey } from '../../api/passkey.ts';

/** Signs in with whichever passkey the person chooses. */
export async function signInWithPasskey() {
  const { token, options } = await client.startPasskeySignIn({ body: {} });
  return client.signInWithPasskey({ body: { token, credential: await askForPasskey(options) } });
}
