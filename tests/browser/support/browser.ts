import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENSHOTS = process.env['SENTINEL_SCREENSHOTS'];

/** Starts the browser without anything that talks to others. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['SENTINEL_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of a new browser session, with what it did wrong so far. */
export interface WatchedPage {
  readonly page: Page;
  /** Fails if the page asked another origin, logged an error or threw. */
  readonly assertClean: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a page that records requests to others, errors and violations of the content security policy. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:')
      wrongs.push(`request to ${url.origin}`);
  });
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The console learns from refusals of the API; the browser reports them all the same.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      wrongs.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !new URL(response.url()).pathname.startsWith('/api/'))
      wrongs.push(`${response.status()} for ${response.url()}`);
  });
  return {
    page,
    assertClean: () => assert.deepEqual(wrongs, []),
    close: () => context.close(),
  };
}

/** Signs in with a one-time link and waits for the overview. */
export async function signIn(page: Page, signInUrl: string): Promise<void> {
  await page.goto(signInUrl);
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** Accessibility findings of the page as it stands, each as rule and place. Source: axe-core, WCAG 2.2 A and AA and best practices. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // Colours in the midst of an animation are not those of the page.
  const findings = await page.evaluate(async () => {
    for (const animation of document.getAnimations()) if (animation instanceof CSSAnimation) animation.cancel();
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
  return findings;
}

/** Writes a picture of the whole page where SENTINEL_SCREENSHOTS names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Whether the page itself scrolls sideways. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
