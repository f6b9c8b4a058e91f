import assert from 'node:assert/strict';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import {
  accessibilityFindings,
  launchBrowser,
  openPage,
  screenshot,
  scrollsSideways,
  signIn,
  type WatchedPage,
} from './browser.ts';
import { type ConsoleServer, startConsoleServer } from './console-server.ts';

/** A server of its own, a browser, and the session of its owner. */
export interface SignedInConsole {
  readonly server: ConsoleServer;
  readonly browser: Browser;
  /** Cookie of the session, as a header has it. */
  readonly cookie: string;
  /** Opens a page as the owner. */
  open(options?: BrowserContextOptions): Promise<WatchedPage>;
  /** Looks at a page in both themes, wide and narrow: no accessibility finding, nothing that scrolls sideways, no request to others. */
  check(name: string, path: string, ready: RegExp): Promise<void>;
  stop(): Promise<void>;
}

/** Starts server and browser and signs the owner in. */
export async function startSignedInConsole(): Promise<SignedInConsole> {
  const [server, browser] = await Promise.all([startConsoleServer(), launchBrowser()]);
  const { page: first, close: closeFirst } = await openPage(browser, server.url);
  await signIn(first, await server.signInUrl());
  const storageState = await first.context().storageState();
  await closeFirst();
  const open = (options: BrowserContextOptions = {}) => openPage(browser, server.url, { storageState, ...options });
  return {
    server,
    browser,
    cookie: storageState.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    open,
    async check(name, path, ready) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, assertClean, close } = await open({ colorScheme });
        await page.goto(path);
        await page.getByText(ready).first().waitFor();
        await screenshot(page, `${name}-${colorScheme}`);
        assert.deepEqual(await accessibilityFindings(page), [], `${name}, ${colorScheme}`);
        await page.setViewportSize({ width: 360, height: 740 });
        assert.equal(await scrollsSideways(page), false, `${name} at 360 pixels`);
        await screenshot(page, `${name}-${colorScheme}-narrow`);
        assert.deepEqual(await accessibilityFindings(page), [], `${name}, ${colorScheme}, narrow`);
        assertClean();
        await close();
      }
    },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}
