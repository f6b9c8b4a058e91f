import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import {
  accessibilityFindings,
  launchBrowser,
  openPage,
  screenshot,
  scrollsSideways,
  signIn,
} from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { sendSampleFleet } from './support/sample-fleet.ts';

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly heading: string;
  /** Text that is there once the data is. */
  readonly ready: RegExp;
}

let server: ConsoleServer;
let browser: Browser;
let session: BrowserContextOptions;

before(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchBrowser()]);
  const { page, close } = await openPage(browser, server.url);
  await signIn(page, await server.signInUrl());
  session = { storageState: await page.context().storageState() };
  await close();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function check(screens: readonly Screen[], state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, assertClean, close } = await openPage(browser, server.url, { ...session, colorScheme });
    for (const { name, path, heading, ready } of screens) {
      await page.setViewportSize({ width: 1360, height: 860 });
      await page.goto(path);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await page.getByText(ready).first().waitFor();
      await screenshot(page, `${name}-${state}-${colorScheme}`);
      assert.deepEqual(await accessibilityFindings(page), [], `${name}, ${state}, ${colorScheme}`);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await scrollsSideways(page), false, `${name} at 360 pixels`);
      await screenshot(page, `${name}-${state}-${colorScheme}-narrow`);
      assert.deepEqual(await accessibilityFindings(page), [], `${name}, ${state}, ${colorScheme}, narrow`);
    }
    assertClean();
    await close();
  }
}

const always: readonly Screen[] = [
  { name: 'not-found', path: '/no/such/page', heading: 'There is no such page', ready: /overview/ },
  { name: 'add-machine', path: '/machines?add=1', heading: 'Add a machine', ready: /Make the token/ },
  { name: 'unknown-run', path: '/runs/0198c0de-0000-7000-8000-000000000000', heading: 'Run', ready: /There is no run/ },
];

describe('on a fresh install', () => {
  test('no screen has an accessibility finding, a request to others or a page that scrolls sideways', async () => {
    await check(
      [
        { name: 'overview', path: '/', heading: 'Overview', ready: /No script has run under Sentinel yet/ },
        { name: 'scripts', path: '/scripts', heading: 'Scripts', ready: /No script has run in the last 30 days/ },
        { name: 'runs', path: '/runs', heading: 'Runs', ready: /Nothing has run in the last 30 days/ },
        { name: 'machines', path: '/machines', heading: 'Machines', ready: /No machine is known yet/ },
      ],
      'empty',
    );
  });

  test('the sign-in has no accessibility finding', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, assertClean, close } = await openPage(browser, server.url, { colorScheme });
      await page.goto('/sign-in');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await screenshot(page, `sign-in-${colorScheme}`);
      assert.deepEqual(await accessibilityFindings(page), []);
      assertClean();
      await close();
    }
  });
});

describe('with data', () => {
  let exportRunId: string;

  before(async () => {
    ({ exportRunId } = await sendSampleFleet(server));
  });

  test('no screen has an accessibility finding, a request to others or a page that scrolls sideways', async () => {
    const scripts = await openPage(browser, server.url, session);
    await scripts.page.goto('/scripts?q=sap_gl');
    const scriptPath = await scripts.page.getByRole('link', { name: 'sap_gl_extract.py' }).getAttribute('href');
    await scripts.close();
    await check(
      [
        { name: 'overview', path: '/', heading: 'Overview', ready: /Runs by hour/ },
        { name: 'scripts', path: '/scripts', heading: 'Scripts', ready: /8 of 8 scripts/ },
        { name: 'scripts-filtered', path: '/scripts?q=zz&userName=a', heading: 'Scripts', ready: /No script matches/ },
        { name: 'script', path: scriptPath ?? '', heading: 'sap_gl_extract.py', ready: /GL_LINES/ },
        { name: 'runs', path: '/runs', heading: 'Runs', ready: /36 of 36 runs/ },
        { name: 'run', path: `/runs/${exportRunId}`, heading: 'sap_gl_extract.py', ready: /29 of 29 activities/ },
        { name: 'machines', path: '/machines', heading: 'Machines', ready: /3 of 3 machines/ },
      ],
      'full',
    );
  });

  test('every column of the machines stands on a page of 1360 pixels', async () => {
    const { page, close } = await openPage(browser, server.url, session);
    await page.goto('/machines');
    await page.getByText(/3 of 3 machines/).waitFor();
    const region = page.getByRole('group', { name: 'Machines, table' });
    assert.deepEqual(await region.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 0);
    await close();
  });

  test('dialogs and menus have no accessibility finding', async () => {
    const { page, assertClean, close } = await openPage(browser, server.url, session);
    for (const { path, ready } of always) {
      await page.goto(path);
      await page.getByText(ready).first().waitFor();
      await screenshot(page, path.replaceAll(/\W+/g, '-'));
      assert.deepEqual(await accessibilityFindings(page), [], path);
    }
    await page.goto('/runs');
    await page.getByRole('button', { name: 'More filters' }).click();
    assert.deepEqual(await accessibilityFindings(page), [], 'more filters');
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await screenshot(page, 'help');
    assert.deepEqual(await accessibilityFindings(page), [], 'help');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /owner/ }).click();
    await page.getByRole('menu').waitFor();
    await screenshot(page, 'account-menu');
    assert.deepEqual(await accessibilityFindings(page), [], 'account menu');
    assertClean();
    await close();
  });

  test('keys lead everywhere, and single keys can be switched off', async () => {
    const { page, assertClean, close } = await openPage(browser, server.url, session);
    await page.goto('/');
    for (const [key, heading] of [
      ['s', 'Scripts'],
      ['r', 'Runs'],
      ['m', 'Machines'],
      ['o', 'Overview'],
    ] as const) {
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      assert.equal(await page.title(), `${heading} · Sentinel`);
    }
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: 'Name or path' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.hasAttribute('data-search'));

    await page.goto('/scripts');
    await page.getByText(/8 of 8 scripts/).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');

    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: /Single keys are on/ }).press(' ');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForTimeout(300);
    assert.equal(new URL(page.url()).pathname, '/scripts');
    assertClean();
    await close();
  });

  test('the theme follows the system until another is chosen, which stays', async () => {
    const { page, close } = await openPage(browser, server.url, { ...session, colorScheme: 'dark' });
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.goto('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const dark = await background();
    await page.getByRole('button', { name: /owner/ }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    const light = await background();
    assert.notEqual(light, dark);
    await page.reload();
    assert.equal(await background(), light);
    await page.getByRole('button', { name: /owner/ }).click();
    await page.getByRole('menuitemradio', { name: 'As the system' }).click();
    assert.equal(await background(), dark);
    await close();
  });
});
