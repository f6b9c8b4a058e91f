import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Client, createClient } from '@sentinel/client';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import {
  accessibilityFindings,
  launchBrowser,
  openPage,
  screenshot,
  scrollsSideways,
  signIn,
} from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { sendRuns } from './support/sample-runs.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-actions-page-'));

let server: ConsoleServer;
let browser: Browser;
let session: BrowserContextOptions;
let client: Client;
let agent: Awaited<ReturnType<ConsoleServer['enrol']>>;
let token = '';

before(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchBrowser()]);
  const { page, close } = await openPage(browser, server.url);
  await signIn(page, await server.signInUrl());
  session = { storageState: await page.context().storageState() };
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  client = createClient({
    baseUrl: server.url,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
  });
  ({ token } = await client.createToken({ body: { name: 'operator', permissions: ['read', 'action.send'] } }));
  await close();
  agent = await server.enrol('fin-desk-01');
  await sendRuns(agent.client, [
    { script: 'sender.py', hostName: 'fin-desk-01', userName: 'ann', startedAt: new Date(Date.now() - 60_000) },
  ]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a run is stopped, a version quarantined and lifted again: asked for here, signed elsewhere, answered by the computer', async () => {
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  const { items } = await client.listRuns({});
  const [run] = items;
  assert.ok(run);

  await page.goto(`/runs/${run.id}`);
  await ask(page, 'Stop this run', 'it sends rows abroad');
  await page.getByText('it sends rows abroad').waitFor();
  await signWaiting(page);
  await answerAs('ended 2 processes, 1 by force');
  await page.getByRole('button', { name: 'Answers' }).click();
  await page.getByText('fin-desk-01: done, ended 2 processes, 1 by force').waitFor();

  await page.goto(`/scripts/${run.script.id}`);
  await ask(page, 'Quarantine this version', 'until it is read');
  await signWaiting(page);
  await answerAs('this version is refused from now on');
  await page.getByRole('heading', { name: 'In force' }).waitFor();
  await ask(page, 'Lift', 'it was read');
  await signWaiting(page);
  await page.getByText('0 orders in force').waitFor();
  await page.getByText('lifted', { exact: true }).waitFor();

  assertClean();
  await close();
});

test('a request is withdrawn with a reason, and a destination is asked for in the page itself', async () => {
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  await page.goto('/actions');
  await page.getByRole('button', { name: 'Isolate a destination' }).click();
  await page.getByLabel('Host with all below it').fill('Files.Example.net');
  await page.getByLabel('Reason').fill('leak of 14 May');
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await page.getByText('leak of 14 May').waitFor();
  assert.deepEqual(
    (await client.listActionRequests({ query: { state: 'waiting' } })).items.map(({ order }) => order),
    [{ kind: 'isolate-destination', destination: 'files.example.net' }],
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await screenshot(page, `actions-${colorScheme}`);
    assert.deepEqual(await accessibilityFindings(page), [], colorScheme);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  assert.equal(await scrollsSideways(page), false);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByLabel('Reason').fill('wrong host');
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('Nothing waits for an operator').waitFor();
  const { items } = await client.listAuditRecords({ query: { limit: 20 } });
  assert.equal(items.find(({ action }) => action === 'action.withdraw')?.reason, 'wrong host');
  assertClean();
  await close();
});

/** Asks for an action as a person does. */
async function ask(page: Page, button: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await page.getByRole('heading', { name: 'Actions', exact: true }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** What an operator does in a terminal of their own, with the command that the page shows. */
async function signWaiting(page: Page): Promise<void> {
  const command = await page.getByText(/^npx sentinel action sign [0-9a-f-]{36} /).textContent();
  const id = command?.split(' ')[4] ?? '';
  const rest = `--key ${join(folder, 'ada.key')} --organisation contoso --yes --wait 0 --server ${server.url}`;
  const signed = spawnSync(process.execPath, [SENTINEL, 'action', 'sign', id, ...rest.split(' ')], {
    encoding: 'utf8',
    env: { ...process.env, SENTINEL_TOKEN: token },
  });
  assert.equal(signed.stderr, '');
  await page.getByText('Nothing waits for an operator').waitFor();
}

/** What the computer answers. */
async function answerAs(detail: string): Promise<void> {
  await agent.client.listOpenActions();
  const { items } = await client.listActions({ query: { limit: 1 } });
  await agent.client.reportAction({ params: { actionId: items[0]?.id ?? '' }, body: { state: 'done', detail } });
}
