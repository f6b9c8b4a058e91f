import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage, signIn } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';

let server: ConsoleServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchBrowser()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a one-time link signs in and leaves neither the address nor the history with its token', async () => {
  const { page, assertClean, close } = await openPage(browser, server.url);
  await signIn(page, await server.signInUrl());
  assert.equal(page.url(), `${server.url}/`);
  const entries = await page.evaluate(() =>
    (globalThis as unknown as { navigation: { entries(): { url: string | null }[] } }).navigation.entries(),
  );
  assert.ok(entries.every(({ url }) => url?.includes('token') !== true));
  assertClean();
  await close();
});

test('a link used before is refused in words that say how to get another', async () => {
  const link = await server.signInUrl();
  const first = await openPage(browser, server.url);
  await signIn(first.page, link);
  await first.close();
  const second = await openPage(browser, server.url);
  await second.page.goto(link);
  await second.page.getByRole('alert').waitFor();
  assert.match(await second.page.locator('main').innerText(), /sentinel up prints a new one each time it starts/);
  assert.ok(!second.page.url().includes('token'));
  await second.close();
});

test('a password set in the account menu signs in, and a wrong one is refused', async () => {
  const { page, close } = await openPage(browser, server.url);
  await signIn(page, await server.signInUrl());
  await page.getByRole('button', { name: /no password set/ }).click();
  await page.getByRole('menuitem', { name: 'Set a password …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a password' });
  await dialog.getByLabel(/New password/).fill('too short');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('must have at least 15 characters').waitFor();
  await dialog.getByLabel(/New password/).fill('four words make a password');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'owner', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();

  await page.getByRole('heading', { name: 'Sign in to Sentinel' }).waitFor();
  await page.getByLabel('Name').fill('owner');
  await page.getByLabel('Password').fill('not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password').fill('four words make a password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await close();
});

test('a session that is over leads to the sign-in and from there back to the page', async () => {
  const { page, close } = await openPage(browser, server.url);
  await signIn(page, await server.signInUrl());
  await page.goto('/scripts?sort=name');
  await page.getByRole('heading', { name: 'Scripts', level: 1 }).waitFor();
  await page.context().clearCookies();
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'Sign in to Sentinel' }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('returnTo'), '/machines');
  const link = new URL(await server.signInUrl());
  await page.goto(`/sign-in?returnTo=%2Fmachines${link.hash}`);
  await page.getByRole('heading', { name: 'Machines', level: 1 }).waitFor();
  await close();
});

test('a return path to another site is ignored', async () => {
  const { page, close } = await openPage(browser, server.url);
  const link = new URL(await server.signInUrl());
  await page.goto(`/sign-in?returnTo=${encodeURIComponent('//elsewhere.example/')}${link.hash}`);
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  assert.equal(page.url(), `${server.url}/`);
  await close();
});
