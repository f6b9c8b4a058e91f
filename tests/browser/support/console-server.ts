import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, enrolAgent } from '@sentinel/client';
import { buildConsole, consoleFolder, isFresh } from '@sentinel/console/build';
import { startProgram } from '../../support/program.ts';

/** A real server with the built console and an empty data folder. */
export interface ConsoleServer {
  readonly url: string;
  /** A fresh one-time link. */
  signInUrl(): Promise<string>;
  /** A client with the credential of a machine enrolled under the name. */
  enrol(hostName: string): Promise<{ client: ReturnType<typeof createClient>; endpointId: string }>;
  stop(): Promise<void>;
}

/** Starts the server on a free port; the console is built first where it is stale. */
export async function startConsoleServer(): Promise<ConsoleServer> {
  if (!isFresh()) await buildConsole();
  const data = mkdtempSync(join(tmpdir(), 'sentinel-console-test-'));
  const program = startProgram(
    'packages/server/src/main.ts',
    ['--data', data, '--port', '0', '--console', consoleFolder],
    join(data, 'server.log'),
  );
  const ready = await program.message('ready');
  const { url = '', signInUrl = '', enrolmentToken = '' } = ready;
  let firstLink: string | undefined = signInUrl;
  let token: string | undefined = enrolmentToken;
  const self: ConsoleServer = {
    url,
    async signInUrl() {
      const link = firstLink;
      firstLink = undefined;
      if (link !== undefined) return link;
      const answer = program.message('sign-in-link');
      program.child.send({ kind: 'sign-in-link' });
      return (await answer)['signInUrl'] ?? '';
    },
    async enrol(hostName) {
      token ??= await makeToken(url, await self.signInUrl());
      const { client, endpointId } = await enrolAgent({
        baseUrl: url,
        token,
        endpoint: { hostName, osType: 'linux', osVersion: '6.1.0', architecture: 'x64', agentVersion: '0.1.0' },
      });
      token = undefined;
      return { client, endpointId };
    },
    async stop() {
      await program.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
  return self;
}

async function makeToken(url: string, signInUrl: string): Promise<string> {
  const link = new URLSearchParams(new URL(signInUrl).hash.slice(1)).get('token') ?? '';
  const entered = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: link }),
  });
  const made = await fetch(`${url}/api/v1/enrolment-tokens`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: entered.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    },
    body: JSON.stringify({ expiresInHours: 1, uses: 1 }),
  });
  return ((await made.json()) as { token: string }).token;
}
