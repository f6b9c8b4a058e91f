import { readFileSync } from 'node:fs';
import { SentinelError } from '@sentinel/protocol';
import * as client from 'openid-client';
import type { OidcConfig } from '../settings.ts';

/** What of a flow is remembered between the two redirects. */
export interface OidcFlow {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly returnTo: string;
}

/** Somebody whom the company's sign-in let in. */
export interface OidcPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly userName: string;
  readonly displayName?: string;
  readonly email?: string;
  /** Absent where the provider says nothing of groups. */
  readonly groups?: readonly string[];
}

/** How long discovery may take, and an answer of the provider. */
const TIMEOUT_S = 10;

/** The company's own sign-in: authorization code with PKCE, state and nonce. Source: OpenID Connect Core 1.0; RFC 9700. */
export class OidcSignIn {
  readonly #config: OidcConfig;
  #discovered: Promise<client.Configuration> | undefined;

  constructor(config: OidcConfig) {
    this.#config = config;
  }

  /** Where the browser goes, and what to remember. */
  async start(callbackUrl: string, returnTo: string): Promise<{ url: string; flow: OidcFlow }> {
    const provider = await this.#provider();
    const flow: OidcFlow = {
      verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
      returnTo,
    };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: callbackUrl,
      scope: this.#config.scopes,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    });
    return { url: url.href, flow };
  }

  /**
   * Who came back.
   * @throws SentinelError `not-signed-in` if the answer is not the one to this flow.
   */
  async finish(currentUrl: URL, flow: OidcFlow): Promise<OidcPerson> {
    const provider = await this.#provider();
    try {
      const tokens = await client.authorizationCodeGrant(provider, currentUrl, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('there is no id token');
      const more =
        provider.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
      return this.#personOf({ ...more, ...claims });
    } catch (error) {
      throw new SentinelError('not-signed-in', 'The sign-in of the company was not completed.', { cause: error });
    }
  }

  #personOf(claims: Readonly<Record<string, unknown>>): OidcPerson {
    const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
    const userName = text(this.#config.userNameClaim) ?? text('email') ?? text('sub');
    const [issuer, subject] = [text('iss'), text('sub')];
    if (issuer === undefined || subject === undefined || userName === undefined) throw new Error('claims are missing');
    const [displayName, email] = [text('name'), text('email')];
    const groups = claims[this.#config.groupsClaim];
    return {
      issuer,
      subject,
      userName,
      ...(displayName === undefined ? {} : { displayName }),
      ...(email === undefined ? {} : { email }),
      ...(Array.isArray(groups)
        ? { groups: groups.filter((group): group is string => typeof group === 'string') }
        : {}),
    };
  }

  #provider(): Promise<client.Configuration> {
    this.#discovered ??= this.#discover().catch((error: unknown) => {
      // The next one tries again: the provider may only have been away.
      this.#discovered = undefined;
      throw new SentinelError('store-unavailable', "The company's sign-in does not answer.", { cause: error });
    });
    return this.#discovered;
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId } = this.#config;
    const url = new URL(issuer);
    const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (url.protocol !== 'https:' && !isHere) throw new Error('the issuer must be reached over TLS');
    const secret = this.#secret();
    return client.discovery(
      url,
      clientId,
      undefined,
      secret === undefined ? client.None() : client.ClientSecretPost(secret),
      {
        timeout: TIMEOUT_S,
        ...(isHere && url.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}),
      },
    );
  }

  #secret(): string | undefined {
    const { clientSecret, clientSecretFile } = this.#config;
    return clientSecretFile === undefined ? clientSecret : readFileSync(clientSecretFile, 'utf8').trim();
  }
}
