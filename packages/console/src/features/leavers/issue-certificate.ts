import { client } from '../../api/client.ts';

/** Issues the certificate and gives it as facts and as a page to print. */
export async function issueCertificate(personId: string) {
  const params = { personId };
  await client.issueLeaverCertificate({ params });
  return client.getLeaverCertificate({ params });
}
