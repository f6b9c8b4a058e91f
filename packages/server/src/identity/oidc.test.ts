import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Provider } from 'oidc-provider';
import { startTestServer, type TestServer, withCookie } from '../testing/test-server.ts';

/** People of the company, as its provider knows them. */
const PEOPLE: Record<string, { name: string; groups: string[] }> = {
  ann: { name: 'Ann Ames', groups: ['sentinel-analysts', 'everybody'] },
  bob: { name: 'Bob Beck', groups: ['everybody'] },
  cem: { name: 'Cem Can', groups: ['finance-leads'] },
  owner: { name: 'Not the owner', groups: ['sentinel-analysts'] },
};
const GROUP_ROLES = {
  'sentinel-analysts': { roles: ['analyst' as const], departments: [] },
  'finance-leads': { roles: ['department-owner' as const], departments: ['finance'] },
};

let provider: Server;
let server: TestServer;

before(async () => {
  provider = await startProvider();
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  server = await startTestServer({
    oidc: {
      issuer,
      clientId: 'sentinel',
      clientSecret: 'a secret of the test',
      name: 'Example Ltd',
      scopes: 'openid profile email groups',
      groupsClaim: 'groups',
      userNameClaim: 'preferred_username',
    },
    groupRoles: GROUP_ROLES,
  });
});
after(async () => {
  await server?.close();
  await new Promise((resolve) => provider?.close(resolve));
});

test('lets somebody in by the sign-in of the company, with the role of their group', async () => {
  const { client, landed } = await signInAs('ann', '/runs?q=x');
  const session = await client.getSession();

  assert.equal(landed, '/runs?q=x');
  assert.deepEqual(
    [session.userName, session.roles, session.isScoped, session.hasPassword],
    ['ann', ['analyst'], false, false],
  );
  const again = await (await signInAs('ann')).client.getSession();
  assert.equal(again.userName, 'ann');
  const owner = (await server.signIn()).client;
  const { items } = await owner.listPeople({ query: { q: 'ann' } });
  assert.deepEqual(
    items.map(({ source, displayName, sessions }) => [source, displayName, sessions]),
    [['oidc', 'Ann Ames', 2]],
  );
  assert.deepEqual(await server.anyone.getSignInMethods(), {
    oidc: { name: 'Example Ltd', url: '/auth/oidc/start' },
  });
});

test('gives a department with the group, and takes roles away with it', async () => {
  const { client } = await signInAs('cem');
  const session = await client.getSession();
  assert.deepEqual([session.roles, session.departments], [['department-owner'], ['finance']]);

  (PEOPLE['cem'] as { groups: string[] }).groups = ['sentinel-analysts'];
  assert.deepEqual((await (await signInAs('cem')).client.getSession()).roles, ['analyst']);
  (PEOPLE['cem'] as { groups: string[] }).groups = [];
  const { landed } = await signInAs('cem');
  assert.equal(landed, '/sign-in?refused=None%20of%20your%20groups%20has%20a%20role%20here%20any%20more.');
});

test('lets nobody in whose groups have no role', async () => {
  const { landed, cookie } = await signInAs('bob');

  assert.equal(landed, '/sign-in?refused=None%20of%20your%20groups%20has%20a%20role%20here.');
  assert.equal(cookie, undefined);
});

test('takes over no local account of the same name', async () => {
  const { landed, cookie } = await signInAs('owner');

  assert.match(landed, /^\/sign-in\?refused=/);
  assert.equal(cookie, undefined);
});

test('lets in nobody who is not active here', async () => {
  const owner = (await server.signIn()).client;
  const { items } = await owner.listPeople({ query: { q: 'ann' } });
  await owner.updatePerson({ params: { accountId: items[0]?.id ?? '' }, body: { isActive: false } });

  const { landed, cookie } = await signInAs('ann');

  assert.match(landed, /not%20active/);
  assert.equal(cookie, undefined);
});

test('takes an answer from the browser that asked only, once, and only for its own question', async () => {
  const started = await fetch(`${server.url}/auth/oidc/start`, { redirect: 'manual' });
  const flow = cookiesOf(started);
  const stolen = await fetch(`${server.url}/auth/oidc/callback?code=x&state=y`, { redirect: 'manual' });
  assert.match(stolen.headers.get('location') ?? '', /was%20not%20begun%20here/);
  for (const attempt of [1, 2]) {
    const forged = await fetch(`${server.url}/auth/oidc/callback?code=x&state=y`, {
      redirect: 'manual',
      headers: { cookie: flow },
    });
    assert.match(forged.headers.get('location') ?? '', attempt === 1 ? /was%20not%20completed/ : /not%20begun%20here/);
    assert.equal(
      forged.headers.getSetCookie().some((cookie) => cookie.startsWith('sentinel_session')),
      false,
    );
  }
});

test('sends nobody to another site afterwards', async () => {
  const { landed } = await signInAs('ann', 'https://evil.example/');

  assert.match(landed, /^\//);
});

/** What a browser does: the redirects there, the provider's own sign-in and consent, and the redirect back. */
async function signInAs(login: string, returnTo?: string) {
  const jar = new Map<string, string>();
  const send = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        cookie: [...jar].map((pair) => pair.join('=')).join('; '),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  let url = `${server.url}/auth/oidc/start${returnTo === undefined ? '' : `?returnTo=${encodeURIComponent(returnTo)}`}`;
  for (let step = 0; step < 20; step++) {
    const response = await send(url);
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      if (new URL(url).origin === new URL(server.url).origin && !url.includes('/auth/')) break;
      continue;
    }
    // A page of the provider: its sign-in form, then its consent form.
    const page = await response.text();
    const action = /<form[^>]+action="([^"]+)"/.exec(page)?.[1] ?? assert.fail(page.slice(0, 500));
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
    const sent = await send(new URL(action, url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ prompt, login, password: 'any' }).toString(),
    });
    url = new URL(sent.headers.get('location') ?? '', url).href;
  }
  const session = jar.get('sentinel_session');
  const { pathname, search } = new URL(url);
  return {
    landed: pathname + search,
    cookie: session,
    client: withCookie(server.url, `sentinel_session=${session ?? ''}`),
  };
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

/** A real provider on loopback, with its own development sign-in. */
async function startProvider(): Promise<Server> {
  // The library warns on standard error of what only production minds.
  const own = createServer();
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
  const callback = new Provider(issuer, {
    clients: [
      {
        client_id: 'sentinel',
        client_secret: 'a secret of the test',
        token_endpoint_auth_method: 'client_secret_post',
        // Of a native application any port on loopback fits. Source: RFC 8252, section 7.3.
        redirect_uris: ['http://127.0.0.1/auth/oidc/callback'],
        application_type: 'native',
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    conformIdTokenClaims: true,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({
        sub,
        preferred_username: sub,
        email: `${sub}@example.com`,
        name: PEOPLE[sub]?.name,
        groups: PEOPLE[sub]?.groups,
      }),
    }),
    cookies: { keys: ['a key of the test'] },
  }).callback();
  own.on('request', callback);
  return own;
}
