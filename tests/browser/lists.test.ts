import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, openPage, signIn, type WatchedPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { type SampleFleet, sendSampleFleet } from './support/sample-fleet.ts';

let server: ConsoleServer;
let browser: Browser;
let fleet: SampleFleet;
let session: BrowserContextOptions;

before(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchBrowser()]);
  const { page, close } = await openPage(browser, server.url);
  await signIn(page, await server.signInUrl());
  session = { storageState: await page.context().storageState() };
  await close();
  fleet = await sendSampleFleet(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(path: string): Promise<WatchedPage> {
  const opened = await openPage(browser, server.url, session);
  await opened.page.goto(path);
  return opened;
}

/** The number under a list: `36 of 36 runs` gives 36. */
async function listTotal(page: Page): Promise<number> {
  const text = await page.locator('.list-foot output').innerText();
  return Number(/of ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
}

test('every number of the overview leads to a list of that many', async () => {
  const { page, assertClean, close } = await open('/');
  for (const label of ['Running now', 'Runs in 24 h', 'Failures in 24 h', 'Scripts in 30 days', 'Machines reporting']) {
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    const number = page.locator('.number', { hasText: label }).locator('.number__value a');
    const said = Number(await number.innerText());
    await number.click();
    await page.locator('.list-foot output').waitFor();
    assert.equal(await listTotal(page), said, label);
    await page.goBack();
  }
  const fresh = page.getByRole('link', { name: 'new in 7 days' });
  const said = Number.parseInt(await fresh.innerText(), 10);
  await fresh.click();
  await page.locator('.list-foot output').waitFor();
  assert.equal(await listTotal(page), said);
  assertClean();
  await close();
});

test('filters stand in the link and survive a reload and another session', async () => {
  const first = await open('/runs');
  const { page } = first;
  await page
    .getByRole('row', { name: /reconcile\.py/ })
    .first()
    .hover();
  await page.getByRole('button', { name: 'Only runs on clinic-ws-02' }).first().click();
  await page.getByRole('searchbox').fill('reconcile');
  await page.getByLabel('All', { exact: true }).last().check();
  await page.waitForURL(/q=reconcile/);
  await page.waitForURL(/since=all/);
  await page.getByText('2 of 2 runs').waitFor();
  await page.reload();
  await page.getByText('2 of 2 runs').waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'reconcile');
  const link = page.url().slice(server.url.length);
  first.assertClean();
  await first.close();

  const second = await openPage(browser, server.url);
  await signIn(second.page, await server.signInUrl());
  await second.page.goto(link);
  await second.page.getByText('2 of 2 runs').waitFor();
  assert.equal(await second.page.getByRole('searchbox').inputValue(), 'reconcile');
  await second.page.getByRole('button', { name: 'Remove the filter Machine: clinic-ws-02' }).waitFor();
  await second.close();
});

test('a link with unknown and bad filters opens with the good ones', async () => {
  const { page, assertClean, close } = await open('/scripts?q=parcel&sort=colour&endpointId=none&more=1');
  await page.getByText('1 of 1 scripts').waitFor();
  assertClean();
  await close();
});

test('filters that match nothing are told from no data, and can be cleared', async () => {
  const { page, close } = await open('/scripts?q=nothing-is-called-so');
  await page.getByRole('heading', { name: 'No script matches these filters' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await page.getByText('8 of 8 scripts').waitFor();
  await close();
});

test('a run that starts is on the live list by itself, and waits while it is paused', async () => {
  const { page, assertClean, close } = await open('/runs');
  await page.getByText('Live', { exact: true }).waitFor();
  await fleet.startRun('just_started.py');
  await page.getByRole('link', { name: 'just_started.py' }).waitFor({ timeout: 30_000 });
  assert.equal(await page.locator('tbody a.row-link').first().innerText(), 'just_started.py');

  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await fleet.startRun('started_while_paused.py');
  await page.getByRole('button', { name: 'Resume (1 new)' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'started_while_paused.py' }).count(), 0);
  await page.getByRole('button', { name: 'Resume (1 new)' }).click();
  await page.getByRole('link', { name: 'started_while_paused.py' }).waitFor();
  assertClean();
  await close();
});

test('the live list says when the connection is lost and comes back by itself', async () => {
  const { page, close } = await open('/runs');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.context().setOffline(true);
  // A browser keeps an open stream while it is offline; the next one fails.
  await page.getByRole('button', { name: 'Live list' }).click();
  await page.getByRole('button', { name: 'Live list' }).click();
  await page.getByText('Reconnecting', { exact: true }).waitFor();
  await page.context().setOffline(false);
  await page.getByText('Live', { exact: true }).waitFor();
  await close();
});

test('the page of a script shows what it touched and leads to its runs', async () => {
  const { page, assertClean, close } = await open('/scripts?q=sap_gl_extract');
  await page.getByRole('link', { name: 'sap_gl_extract.py' }).click();
  await page.getByRole('heading', { name: 'sap_gl_extract.py', level: 1 }).waitFor();
  await page.getByRole('row', { name: /GL_LINES SELECT .* 15,000/ }).waitFor();
  await page.getByRole('row', { name: /api\.llm-provider\.example POST/ }).waitFor();
  await page.getByRole('row', { name: /pandas 2\.2\.2/ }).waitFor();
  await page.getByRole('link', { name: 'All runs' }).click();
  await page.getByText('2 of 2 runs').waitFor();
  assertClean();
  await close();
});

test('an enrolment token is made and its command shown once', async () => {
  const { page, assertClean, close } = await open('/machines');
  await page.getByRole('button', { name: 'Add a machine' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make the token' }).click();
  const command = await page.getByRole('dialog').locator('code').first().innerText();
  assert.match(command, new RegExp(`^npx sentinel agent run --server ${server.url} --token \\S+$`));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assertClean();
  await close();
});
