import { rmSync } from 'node:fs';
import { type Client, createClient, type EnrolledAgent, enrolAgent } from '@sentinel/client';
import type { EndpointFacts } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { ServerConfig } from '../settings.ts';
import { type RunningServer, startServer } from '../start-server.ts';
import { makeFolder } from './make-folder.ts';
import { isOnPostgres, makeTestControl, type TestControl } from './test-control.ts';
import { until } from './until.ts';

/** Facts of a computer that enrols in a test. */
export const facts: EndpointFacts = {
  hostName: 'desk-1',
  osType: 'linux',
  osVersion: '6.1',
  architecture: 'x64',
  agentVersion: '0.1.0',
};

/** An enrolled agent. */
export type TestAgent = EnrolledAgent;

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
  const control = isOnPostgres && config.control === undefined ? await controlOf(folder) : undefined;
  const settings = ServerConfig.parse({ port: 0, ...(control && { control: control.place }), ...config, data: folder });
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
      return enrolAgent({ baseUrl: url, token, endpoint: { ...facts, hostName } });
    },
    async signIn() {
      const token = new URL(await server.createSignInUrl()).hash.replace('#token=', '');
      const response = await postJson(`${url}/api/v1/session/link`, { token });
      const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
      return { client: withCookie(url, cookie), cookie };
    },
    async close() {
      await server.close();
      if (config.data !== undefined) return;
      rmSync(folder, { recursive: true, force: true });
      await control?.drop();
    },
  };
}

/** A server that starts again on the same folder finds the same control store. */
const controls = new Map<string, Promise<TestControl>>();

function controlOf(folder: string): Promise<TestControl> {
  const control = controls.get(folder) ?? makeTestControl(folder);
  controls.set(folder, control);
  return control;
}

export { makeFolder, until };

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
  agent: Pick<TestAgent, 'fetch'>,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Response> {
  return agent.fetch(`${url}/api/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}
