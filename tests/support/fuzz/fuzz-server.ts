import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { operations } from '@sentinel/protocol';
import { makeActivity, makeBatch, makeRun } from '../../../packages/server/src/testing/rows.ts';
import { startTestServer } from '../../../packages/server/src/testing/test-server.ts';
import { mutateBytes, seededNumbers } from './mutate-bytes.ts';

/** What came of the requests. */
export interface FuzzedServer {
  /** Requests that the server could not answer for itself. */
  readonly wrongs: string[];
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
}

interface Shot {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path with query; where the mutation goes is marked by `§`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** `body`, `path`, or the name of a header. */
  readonly mutated: string;
}

/** Sends mutated bodies, paths and headers to a real server: batches, signatures, tokens, passkeys, SCIM, lists, every operation. */
export async function fuzzServer(rounds: number, seed: number): Promise<FuzzedServer> {
  const server = await startTestServer();
  const statuses = new Map<number, number>();
  const wrongs: string[] = [];
  try {
    const { cookie, client } = await server.signIn();
    const agent = await server.enrol('fuzz-1');
    const { token } = await client.createToken({
      body: { name: 'fuzz', permissions: ['people.manage', 'read'], expiresInDays: 7 },
    });
    const shots = shotsOf(cookie, token);
    for (let round = 0; round < rounds && wrongs.length < 10; round += 1) {
      const next = seededNumbers(seed * 7_000_003 + round);
      // Each as it is first, among them those that once went wrong.
      const shot = round < shots.length ? shots[round] : shots[next(shots.length)];
      if (shot === undefined) continue;
      const answer = await fire(server.url, shot, agent.fetch, next, round < shots.length);
      if (answer === undefined) continue;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const text = await answer.text();
      if (answer.status >= 500)
        wrongs.push(`${shot.name}, seed ${seed}, round ${round}: ${answer.status} ${text.slice(0, 300)}`);
    }
    if ((await server.anyone.getHealth()).status !== 'ok') wrongs.push('the server is no longer well');
  } finally {
    await server.close();
  }
  return { wrongs, statuses };
}

async function fire(
  url: string,
  { method, path, headers, body, mutated, name }: Shot,
  signed: typeof fetch,
  next: (limit: number) => number,
  isPlain: boolean,
): Promise<Response | undefined> {
  const isWhole = isPlain || next(12) === 0;
  const change = (bytes: Buffer) => (isWhole ? bytes : mutateBytes(bytes, bytes, next));
  const sent: Record<string, string> = { ...headers };
  let target = path.replaceAll('§', '');
  let content = body;
  if (mutated === 'body' && body !== undefined) content = change(body);
  else if (mutated === 'path') {
    const [before = '', inner = '', after = ''] = path.split('§');
    target = `${before}${encodeURIComponent(change(Buffer.from(inner)).toString('latin1').slice(0, 4_000))}${after}`;
  } else {
    // What no client can put into a header never reaches the server.
    sent[mutated] = change(Buffer.from(sent[mutated] ?? ''))
      .toString('latin1')
      .replaceAll(/[^\x20-\x7e]/g, '~')
      .slice(0, 4_000);
  }
  const send = name.startsWith('signed') ? signed : fetch;
  return send(`${url}${target}`, {
    method,
    headers: sent,
    ...(content === undefined ? {} : { body: new Uint8Array(content) }),
  });
}

function shotsOf(cookie: string, token: string): Shot[] {
  const json = { 'content-type': 'application/json' };
  const run = makeRun();
  const batch = Buffer.from(JSON.stringify(makeBatch({ runs: [run], activities: [makeActivity(run.id, 1)] })));
  const passkey = Buffer.from(
    JSON.stringify({
      challengeId: randomUUID(),
      response: {
        id: 'AAAA',
        rawId: 'AAAA',
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: Buffer.from(
            '{"type":"webauthn.get","challenge":"AAAA","origin":"http://localhost"}',
          ).toString('base64url'),
          authenticatorData: Buffer.alloc(37, 1).toString('base64url'),
          attestationObject: Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex').toString(
            'base64url',
          ),
          signature: 'AAAA',
        },
      },
    }),
  );
  const post = (
    name: string,
    path: string,
    body: Buffer,
    headers: Record<string, string> = { ...json, cookie },
  ): Shot => ({
    name,
    method: 'POST',
    path,
    headers,
    body,
    mutated: 'body',
  });
  const scim = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const signature = {
    ...json,
    'signature-input': 'sentinel=("@method" "@path" "content-digest");keyid="0198c0de-0000-7000-8000-000000000000"',
    signature: `sentinel=:${Buffer.alloc(64, 3).toString('base64')}:`,
    'content-digest': `sha-256=:${Buffer.alloc(32, 3).toString('base64')}:`,
    'sentinel-boot': randomUUID(),
    'sentinel-sequence': '5',
  };
  const lists = Object.values(operations)
    .filter(({ method, path, permission }) => method === 'GET' && !path.includes(':') && permission !== 'agent')
    .filter((operation) => !('stream' in operation));
  return [
    post('signed batch', '/api/v1/batches', batch, json),
    post('signed batch in gzip', '/api/v1/batches', gzipSync(batch), { ...json, 'content-encoding': 'gzip' }),
    post('signed heartbeat', '/api/v1/heartbeats', Buffer.from('{"endpoint":{"hostName":"a"},"counters":{}}'), json),
    post(
      'signed facts',
      '/api/v1/script-facts',
      Buffer.from(JSON.stringify({ facts: [{ sha256: 'a'.repeat(64), secretUses: [], analysis: {}, risk: {} }] })),
      json,
    ),
    post(
      'signed samples',
      '/api/v1/data-samples',
      Buffer.from(JSON.stringify({ files: [{ path: '/a.csv', sizeBytes: 1, kinds: [], runIds: [] }] })),
      json,
    ),
    ...Object.keys(signature)
      .filter((name) => name !== 'content-type')
      .map(
        (mutated): Shot => ({
          name: `header ${mutated}`,
          method: 'POST',
          path: '/api/v1/batches',
          headers: signature,
          body: batch,
          mutated,
        }),
      ),
    {
      name: 'bearer token',
      method: 'GET',
      path: '/api/v1/runs',
      headers: { authorization: `Bearer ${token}` },
      mutated: 'authorization',
    },
    { name: 'session cookie', method: 'GET', path: '/api/v1/runs', headers: { cookie }, mutated: 'cookie' },
    {
      name: 'tag',
      method: 'GET',
      path: '/api/v1/session',
      headers: { cookie, 'if-none-match': '"abc"' },
      mutated: 'if-none-match',
    },
    post('sign-in by passkey', '/api/v1/session/passkey', passkey, json),
    post(
      'enrolment',
      '/api/v1/enrolments',
      Buffer.from('{"token":"sntl","publicKey":"AAAA","proof":"AAAA","endpoint":{}}'),
      json,
    ),
    post('people list', '/api/v1/persons/import', Buffer.from(JSON.stringify({ csv: 'userName\nann\n' }))),
    post('policy', '/api/v1/policy-checks', Buffer.from(JSON.stringify({ source: 'id: a\nstatements: []' }))),
    {
      ...post(
        'company',
        '/api/v1/company',
        Buffer.from(JSON.stringify({ source: 'fuzz', departments: [{ id: 'a', name: 'A' }] })),
      ),
      method: 'PUT',
    },
    post(
      'SCIM user',
      '/scim/v2/Users',
      Buffer.from(
        JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'fz', active: true }),
      ),
      scim,
    ),
    {
      name: 'SCIM filter',
      method: 'GET',
      path: '/scim/v2/Users?filter=§userName eq "ann"§',
      headers: scim,
      mutated: 'path',
    },
    {
      name: 'SCIM filter that is too long',
      method: 'GET',
      path: `/scim/v2/Groups?filter=§displayName eq "${'a'.repeat(3_000)}"§`,
      headers: scim,
      mutated: 'path',
    },
    {
      name: 'SCIM group filter',
      method: 'GET',
      path: '/scim/v2/Groups?filter=§displayName eq "a"§',
      headers: scim,
      mutated: 'path',
    },
    ...lists.flatMap(({ id, path }): Shot[] =>
      ['q', 'cursor', 'since', 'limit'].map((name) => ({
        name: `${id} by ${name}`,
        method: 'GET',
        path: `/api/v1${path}?${name}=§${name === 'limit' ? '50' : 'MTIz'}§`,
        headers: { cookie },
        mutated: 'path',
      })),
    ),
  ];
}
