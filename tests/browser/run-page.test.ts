import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser, openPage, signIn } from './support/browser.ts';
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

test('a run shows its facts, what the probe missed, its tables and the runs it started', async () => {
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  await page.goto(`/runs/${fleet.exportRunId}`);
  await page.getByText('The record of this run is not complete').waitFor();
  assert.match(await page.title(), /^sap_gl_extract\.py, run · Sentinel$/);
  await page.getByRole('row', { name: /pandas 2\.2\.2 pandas distribution/ }).waitFor();
  await page.getByRole('row', { name: /gl_2026_q3\.xlsx write .*7\.3 MB/ }).waitFor();
  await page
    .getByRole('row', { name: /api\.llm-provider\.example:443 https POST \/v1\/chat\/completions 200 3 7\.4 MB/ })
    .waitFor();
  await page.getByRole('row', { name: /oracle\.db ERPPRD SELECT GL_LINES 15,000/ }).waitFor();
  await page.getByRole('row', { name: /libreoffice/ }).waitFor();
  await page.getByRole('link', { name: 'chart_helper.py' }).click();
  await page.getByRole('heading', { name: 'chart_helper.py', level: 1 }).waitFor();
  assertClean();
  await close();
});

test('arrow keys go through the timeline and the details follow', async () => {
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  await page.goto(`/runs/${fleet.exportRunId}`);
  const timeline = page.getByRole('listbox', { name: /Timeline of 29 activities/ });
  await timeline.focus();
  await page.keyboard.press('End');
  await page.getByRole('heading', { name: /renamed or truncated: \/tmp\/gl_2026_q3\.tmp/ }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('heading', { name: 'HTTP request: hooks.example' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('heading', { name: /^Database/, level: 3 }).waitFor();
  const active = await timeline.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('+');
  await page.getByText(/^shows .* of 3 min 05 s$/).waitFor();
  assertClean();
  await close();
});

test('a run that goes on is never called a success and its duration moves', async () => {
  const { page, close } = await openPage(browser, server.url, session);
  await page.goto(`/runs/${fleet.runningRunId}`);
  await page.getByText('Running', { exact: true }).waitFor();
  const summary = page.locator('.run-summary');
  const before = await summary.innerText();
  await page.waitForFunction((text) => document.querySelector<HTMLElement>('.run-summary')?.innerText !== text, before);
  await close();
});

test('text from a script is shown as text', async () => {
  const { client } = await server.enrol('odd-names');
  const { sendRuns } = await import('./support/sample-runs.ts');
  const [id = ''] = await sendRuns(client, [
    {
      script: '<img src=x onerror=alert(1)>.py',
      hostName: '<b>odd</b>',
      userName: '"><script>alert(1)</script>',
      startedAt: new Date(),
      durationMs: 10,
      activities: [
        {
          type: 'file.open',
          atMs: 1,
          attributes: { 'file.path': '/tmp/<svg onload=alert(1)>', 'sentinel.file.operation': 'read' },
        },
      ],
    },
  ]);
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  page.on('dialog', () => assert.fail('a script of the data ran'));
  await page.goto(`/runs/${id}`);
  await page.getByRole('heading', { name: '<img src=x onerror=alert(1)>.py', level: 1 }).waitFor();
  await page.getByRole('cell', { name: '/tmp/<svg onload=alert(1)>' }).waitFor();
  assertClean();
  await close();
});
