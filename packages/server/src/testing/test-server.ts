import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@sentinel/client';
import type { EndpointFacts } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { ServerConfig } from '../settings.ts';
import { type RunningServer, startServer } from '../start-server.ts';

/** Facts of a computer that enrols in a test. */
export const facts: EndpointFacts = {
  hostName: 'desk-1',
  osType: 'linux',
  osVersion: '6.1',
  architecture: 'x64',
  agentVersion: '0.1.0',
};

/** An enrolled agent. */
export interface TestAgent {
  readonly endpointId: string;
  readonly credential: string;
  readonly client: Client;
}

/** A real server in this process, on a folder and a port of its own. */
export interface TestServer {
  readonly server: RunningServer;
  readonly url: string;
  readonly folder: string;
  /** A client without any credential. */
  readonly anyone: Client;
  enrol(hostName?: string): Promise<TestAgent>;
  /** Signs the owner in; gives a client with the session and its cookie. */
  signIn(): Promise<{ client: Client; cookie: string }>;
  close(): Promise<void>;
}

/** Starts a server in a new temporary folder. */
export async function startTestServer(
  config: Partial<Omit<ServerConfig, 'data'>> & { data?: string } = {},
): Promise<TestServer> {
  const folder = config.data ?? makeFolder();
  const settings = ServerConfig.parse({ port: 0, ...config, data: folder });
  const server = await startServer(settings, createLog('silent')).catch((error: unknown) => {
    if (config.data === undefined) rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const { url } = server;
  return {
    server,
    url,
    folder,
    anyone: createClient({ baseUrl: url }),
    async enrol(hostName = facts.hostName) {
      const token = await server.createLocalEnrolmentToken();
      const enrolment = await createClient({ baseUrl: url }).enrol({
        body: { token, endpoint: { ...facts, hostName } },
      });
      return { ...enrolment, client: createClient({ baseUrl: url, credential: enrolment.credential }) };
    },
    async signIn() {
      const token = new URL(await server.createSignInUrl()).hash.replace('#token=', '');
      const response = await postJson(`${url}/api/v1/session/link`, { token });
      const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
      return { client: withCookie(url, cookie), cookie };
    },
    async close() {
      await server.close();
      if (config.data === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new temporary folder. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sentinel-server-test-'));
}

/** A client that sends a cookie, as a browser does. */
export function withCookie(baseUrl: string, cookie: string): Client {
  return createClient({
    baseUrl,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
  });
}

/** Sends JSON. */
export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Sends a body to the batches operation as it is. */
export function postBatch(
  url: string,
  credential: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/api/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}`, ...headers },
    body,
  });
}

/** Waits until something holds; fails after ten seconds. */
export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
