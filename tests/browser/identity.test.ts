import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  accessibilityFindings,
  launchBrowser,
  openPage,
  screenshot,
  scrollsSideways,
  signIn,
  type WatchedPage,
} from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { sendSampleFleet } from './support/sample-fleet.ts';

const PASSWORD = 'four words make a password';
let server: ConsoleServer;
let browser: Browser;
/** Passkeys are for names: the same server under its name. */
let origin: string;

before(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchBrowser()]);
  origin = server.url.replace('127.0.0.1', 'localhost');
  await sendSampleFleet(server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function enter(): Promise<WatchedPage> {
  const watched = await openPage(browser, origin);
  await signIn(watched.page, (await server.signInUrl()).replace(server.url, origin));
  return watched;
}

test('makes a passkey and signs in with it, without name and password', async () => {
  const { page, assertClean, close } = await enter();
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${origin}/settings`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page
    .getByRole('table', { name: 'Passkeys' })
    .getByRole('button', { name: /Remove the passkey/ })
    .waitFor();
  await signOut(page);

  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();

  await page.goto(`${origin}/settings`);
  await page
    .getByRole('table', { name: 'Sessions' })
    .getByRole('cell', { name: 'passkey', exact: true })
    .first()
    .waitFor();
  await page.getByRole('button', { name: /Remove the passkey/ }).click();
  await page.getByRole('table', { name: 'Passkeys' }).waitFor({ state: 'detached' });
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('alert').waitFor();
  assertClean();
  await close();
});

test('offers no passkey where the address is no name', async () => {
  const watched = await openPage(browser, server.url);
  await signIn(watched.page, await server.signInUrl());
  await watched.page.goto(`${server.url}/settings`);

  await watched.page.getByText('Browsers make passkeys for names only').waitFor();
  await watched.close();
});

test('sets up an authenticator app and asks for its code after the password', async () => {
  const { page, assertClean, close } = await enter();
  await page.getByRole('button', { name: /^owner/ }).click();
  await page.getByRole('menuitem', { name: /password …/ }).click();
  await page.getByLabel(/New password/).fill(PASSWORD);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goto(`${origin}/settings`);
  await page.getByRole('button', { name: 'Set up an app …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('img', { name: /QR code/ }).waitFor();
  await screenshot(page, 'settings-totp');
  assert.deepEqual(await accessibilityFindings(page), []);
  const secret = (await dialog.locator('.command code').textContent()) ?? '';
  await dialog.getByLabel('Code that the app shows now').fill(totp(secret, -1));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  const codes = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await codes.first().waitFor();
  assert.equal(await codes.count(), 10);
  const recovery = (await codes.first().textContent()) ?? '';
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await signOut(page);

  for (const code of [totp(secret, 0), recovery]) {
    await page.getByLabel('Name').fill('owner');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    if (code !== recovery) await signOut(page);
  }
  assertClean();
  await close();
});

test('adds a person who can then sign in, and a token that is shown once', async () => {
  const { page, assertClean, close } = await enter();
  await page.goto(`${origin}/settings?tab=people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name to sign in with').fill('ann');
  await dialog.getByLabel('auditor').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/works once, within 15 minutes/).waitFor();
  const link = (await dialog.locator('.command code').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Change ann' }).waitFor();
  const other = await openPage(browser, origin);
  await signIn(other.page, link);
  await other.page.getByRole('link', { name: 'Audit' }).waitFor();
  await other.page.goto(`${origin}/settings`);
  assert.equal(await other.page.getByRole('navigation', { name: 'Settings' }).count(), 0, 'an auditor manages nobody');
  await other.close();

  await page.goto(`${origin}/settings?tab=tokens`);
  await page.getByText('There is no token yet').waitFor();
  await page.getByRole('button', { name: 'Make a token' }).click();
  await dialog.getByLabel('What it is for').fill('nightly export');
  await dialog.getByLabel('Service that it acts as').fill('exporter');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  assert.match((await dialog.locator('.command code').textContent()) ?? '', /^sntl_/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Revoke the token nightly export' }).click();
  await page.getByText('Revoked').waitFor();
  assertClean();
  await close();
});

test('answers who accessed what, and lists what people did', async () => {
  const { page, assertClean, close } = await enter();
  await page.goto(`${origin}/audit`);
  await page.getByText('Ask about a person, a thing, a script or a machine').waitFor();
  await page.getByPlaceholder(/^What/).fill('csv');
  const answers = page.getByRole('table', { name: 'Accesses' });
  await answers.waitFor();
  assert.equal(new URL(page.url()).searchParams.get('what'), 'csv');
  assert.ok((await answers.getByRole('row').count()) > 1);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  assert.match((await saved).suggestedFilename(), /^sentinel-audit-[\d-]+\.csv$/);

  await page.goto(`${origin}/audit?view=records&action=audit`);
  await page.getByRole('table', { name: 'Audit records' }).getByText('audit.answer').first().waitFor();
  assertClean();
  await close();
});

test('has no accessibility finding on any of these pages, wide or narrow, light or dark', async () => {
  const { page: first, close: closeFirst } = await enter();
  const state = await first.context().storageState();
  await closeFirst();
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, close } = await openPage(browser, origin, { storageState: state, colorScheme });
    for (const [name, path, ready] of [
      ['settings-account', '/settings', /Authenticator app/],
      ['settings-people', '/settings?tab=people', /Change owner/],
      ['settings-person', '/settings?tab=people&open=new', /Name to sign in with/],
      ['settings-tokens', '/settings?tab=tokens', /nightly export/],
      ['settings-company', '/settings?tab=company', /SCIM 2.0/],
      ['audit-empty', '/audit', /Ask about a person/],
      ['audit-answer', '/audit?what=csv', /of .* accesses/],
      ['audit-records', '/audit?view=records', /Before and after/],
    ] as const) {
      await page.setViewportSize({ width: 1360, height: 860 });
      await page.goto(origin + path);
      await page
        .getByText(ready)
        .or(page.getByRole('button', { name: ready }))
        .first()
        .waitFor();
      await screenshot(page, `${name}-${colorScheme}`);
      assert.deepEqual(await accessibilityFindings(page), [], `${name}, ${colorScheme}`);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await scrollsSideways(page), false, `${name} at 360 pixels`);
    }
    await close();
  }
});

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^owner/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Sentinel' }).waitFor();
}

/** What an app shows so many steps from now, apart from the library that the server uses. Source: RFC 6238. */
function totp(base32: string, steps: number): string {
  const bits = base32
    .split('')
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
