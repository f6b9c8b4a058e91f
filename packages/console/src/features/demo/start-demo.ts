import { client } from '../../api/client.ts';

/** Plays the demo scripts on the computer of the server. */
export function startDemo() {
  return client.startDemo({ body: {} });
}
