import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { htmlReport } from '../../packages/cli/src/scan/html/report-html.ts';
import { sampleReport } from '../../packages/cli/src/scan/testing/sample-report.ts';
import { accessibilityFindings, launchBrowser, screenshot, scrollsSideways } from './support/browser.ts';

let browser: Browser;
let folder: string;
let url: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-scan-report-'));
  writeFileSync(join(folder, 'report.html'), htmlReport(sampleReport()));
  url = pathToFileURL(join(folder, 'report.html')).href;
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The report in a page of its own, with all that it did wrong. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; wrongs: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) wrongs.push(`request ${request.url()}`);
  });
  page.on('console', (message) => wrongs.push(`console ${message.text()}`));
  page.on('pageerror', (error) => wrongs.push(`error ${error.message}`));
  page.on('dialog', (dialog) => wrongs.push(`dialog ${dialog.message()}`));
  await page.goto(url);
  return { page, wrongs };
}

test('the report asks nobody, has no accessibility finding in either colour scheme and never scrolls sideways', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, wrongs } = await open({ colorScheme });
    await page.getByRole('heading', { name: 'Shadow Python Risk Assessment', level: 1 }).waitFor();
    for (const details of await page.locator('details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    await screenshot(page, `scan-report-${colorScheme}`);
    assert.deepEqual(await accessibilityFindings(page), [], colorScheme);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await scrollsSideways(page), false);
    assert.deepEqual(await accessibilityFindings(page), [], `${colorScheme}, narrow`);
    assert.deepEqual(wrongs, []);
    await page.context().close();
  }
});

test('the inventory is searched, filtered, ordered and changed by keyboard', async () => {
  const { page, wrongs } = await open();
  const rows = page.locator('#rows tbody tr');
  await page.getByRole('searchbox', { name: 'Search' }).fill('invoice documents');
  assert.equal(await page.locator('#foot output').innerText(), '1 of 248');
  assert.match(await rows.first().innerText(), /invoice_entry\.py/);
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await page.getByLabel('Owner').selectOption('b.keller');
  assert.equal(await rows.count(), 3);
  await page.getByLabel('Owner').selectOption('');
  await page.getByRole('button', { name: 'Lines' }).click();
  assert.match(await rows.first().innerText(), /2,210/);
  await page.getByRole('tab', { name: /Scripts and notebooks/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('columnheader', { name: 'Version' }).waitFor();
  assert.equal(await rows.count(), 2);
  assert.deepEqual(wrongs, []);
  await page.context().close();
});

test('the summary and the findings stand there without any script', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  await page.getByText('Take credentials out of the sources and change them').waitFor();
  await page.getByRole('heading', { name: 'sap_gl_extract.py' }).waitFor();
  assert.equal(await page.locator('#rows tbody tr').count(), 40);
  await page.context().close();
});
