/** A signed-in reader of the API: path below `/api/v1` to parsed JSON. */
export type SignedInFetch = <T>(path: string) => Promise<T>;

/**
 * Signs in with a one-time link and gives a function that reads the API as that person.
 * @param signInUrl - Link as the server prints it, token in its fragment.
 */
export async function signedInFetch(url: string, signInUrl: string): Promise<SignedInFetch> {
  const token = new URLSearchParams(new URL(signInUrl).hash.slice(1)).get('token');
  const answer = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`sign-in failed: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  return async <T>(path: string) => {
    const response = await fetch(`${url}/api/v1${path}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
}
