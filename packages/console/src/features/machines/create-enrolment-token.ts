import { client } from '../../api/client.ts';

/** Makes a token with which agents enrol. */
export function createEnrolmentToken(options: { expiresInHours: number; uses: number }) {
  return client.createEnrolmentToken({ body: options });
}
