import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
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

const SHA256 = createHash('sha256').update('reconcile').digest('hex');
const SCRIPT_ID = createHash('sha256').update(`v1\0${SHA256}`).digest('hex').slice(0, 32);
const PATH = '/home/ann/reconcile.py';
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

async function sendScript(): Promise<void> {
  const { client } = await server.enrol('fin-desk-01');
  const startedAt = new Date(Date.now() - 3_600_000).toISOString();
  const runId = `0198c0de-0000-7000-8000-${randomUUID().slice(24)}`;
  const run = {
    id: runId,
    revision: 1,
    startKind: 'start',
    status: 'ended',
    script: { id: SCRIPT_ID, kind: 'file', name: 'reconcile.py', path: PATH, sha256: SHA256, sizeBytes: 90 },
    interpreter: { path: '/usr/bin/python3', implementation: 'cpython', version: '3.11.7', basePrefix: '/usr' },
    environment: { prefix: '/usr', kind: 'base' },
    user: { name: 'ann' },
    hostName: 'fin-desk-01',
    pid: 1,
    parentPid: 1,
    argumentCount: 0,
    argumentShape: '',
    startedAt,
    endedAt: startedAt,
    durationMs: 10,
    exitRoute: 'finished',
    probe: { version: '0.1.0', dropped: 0, errors: 0 },
  };
  const activity = (id: number, type: string, attributes: Record<string, string>) => ({
    runId,
    id,
    revision: 1,
    type,
    attributes,
    count: 1,
    bytesIn: 10,
    bytesOut: 0,
    rows: 0,
    errors: 0,
    firstSeen: startedAt,
    lastSeen: startedAt,
  });
  await client.sendBatch({
    body: {
      protocolVersion: 1,
      spoolId: randomUUID(),
      sequence: 1,
      createdAt: startedAt,
      runs: [run],
      activities: [
        activity(1, 'module.import', {
          'sentinel.module.name': 'pandas',
          'sentinel.module.kind': 'distribution',
          'sentinel.distribution.name': 'pandas',
          'sentinel.distribution.version': '2.3.3',
        }),
        activity(2, 'file.open', { 'file.path': '/srv/share/statement.csv', 'sentinel.file.operation': 'read' }),
      ],
    },
  } as never);
  await client.storeScript({
    body: {
      sha256: SHA256,
      scriptId: SCRIPT_ID,
      name: 'reconcile.py',
      kind: 'file',
      path: PATH,
      sizeBytes: 90,
      text: 'import pandas\n\nPASSWORD = "SENTINEL_SECRET_0123456789ab"\nprint(pandas.read_csv("/srv/share/statement.csv"))\n',
      references: [
        {
          reference: 'SENTINEL_SECRET_0123456789ab',
          ruleId: 'secret-assigned',
          title: 'Credential in an assignment',
          fingerprint: 'c'.repeat(64),
          name: 'PASSWORD',
          line: 3,
        },
      ],
      collectedAt: startedAt,
    },
  });
}

async function checkAll(
  screens: readonly { path: string; heading: string; ready: RegExp; name: string }[],
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, assertClean, close } = await openPage(browser, server.url, { ...session, colorScheme });
    for (const { path, heading, ready, name } of screens) {
      await page.setViewportSize({ width: 1360, height: 860 });
      await page.goto(path);
      await page.getByRole('heading', { name: heading }).first().waitFor();
      await page.getByText(ready).first().waitFor();
      await screenshot(page, `${name}-${colorScheme}`);
      assert.deepEqual(await accessibilityFindings(page), [], `${name}, ${colorScheme}`);
      await page.setViewportSize({ width: 360, height: 740 });
      assert.equal(await scrollsSideways(page), false, `${name} at 360 pixels`);
    }
    assertClean();
    await close();
  }
}

test('vault and leavers say what they are for while they are empty', async () => {
  await checkAll([
    { path: '/vault', heading: 'Vault', ready: /The vault is empty/, name: 'vault-empty' },
    { path: '/leavers', heading: 'Leavers', ready: /Nobody is known to have left/, name: 'leavers-empty' },
    { path: '/leavers?open=left', heading: 'Somebody left', ready: /Name in the directory/, name: 'leavers-left' },
    { path: '/leavers?open=import', heading: 'Import a list of people', ready: /CSV file/, name: 'leavers-import' },
  ]);
});

test('a version is found, looked at and restored by keyboard', async () => {
  await sendScript();
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await page.getByRole('heading', { name: 'Vault', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'reconcile.py' }).press('Enter');
  await page.getByRole('heading', { name: 'reconcile.py', level: 1 }).waitFor();
  const text = await page.locator('main').innerText();
  for (const part of ['pandas', '2.3.3', '/srv/share/statement.csv', 'SENTINEL_SECRET_0123456789ab', 'cpython 3.11.7'])
    assert.ok(text.includes(part), part);

  await page.getByRole('button', { name: 'Restore' }).press('Enter');
  await page.getByLabel('Reason').fill('handed over to Ben');
  await page.keyboard.press('Enter');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'requirements.lock' }).click(),
  ]);
  assert.match(readFileSync(await download.path(), 'utf8'), /^pandas==2\.3\.3$/m);
  await page.getByRole('button', { name: 'Done' }).press('Enter');
  assertClean();
  await close();
});

test('what somebody left is decided on, changed and certified', async () => {
  const { page, assertClean, close } = await openPage(browser, server.url, session);
  await page.goto('/leavers?open=left');
  await page.getByLabel('Name in the directory').fill('ann@company.example');
  await page.getByRole('button', { name: 'Show what they left' }).press('Enter');
  await page.getByRole('heading', { name: 'ann@company.example', level: 1 }).waitFor();
  const certificate = page.getByRole('button', { name: 'Issue the certificate' });
  assert.equal(await certificate.isDisabled(), true);

  await page.getByRole('button', { name: 'Decide on reconcile.py' }).press('Enter');
  await page.getByLabel('Custodian').fill('ben');
  await page.keyboard.press('Enter');
  await page.getByText('handed over to ben').waitFor();
  await page.getByRole('button', { name: /^It was changed/ }).press('Enter');
  await page.getByText('no credential to change').waitFor();
  await certificate.press('Enter');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'PDF' }).click(),
  ]);
  assert.equal(
    readFileSync(await download.path())
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  );
  const leaver = new URL(page.url()).pathname;
  assertClean();
  await close();

  await checkAll([
    { path: '/vault', heading: 'Vault', ready: /reconcile\.py/, name: 'vault' },
    { path: `/vault/${SHA256}`, heading: 'reconcile.py', ready: /pandas/, name: 'vault-entry' },
    { path: `/vault/${SHA256}?restore=1`, heading: 'Restore reconcile.py', ready: /Reason/, name: 'vault-restore' },
    { path: '/leavers', heading: 'Leavers', ready: /ann@company\.example/, name: 'leavers' },
    { path: leaver, heading: 'ann@company.example', ready: /handed over to ben/, name: 'leaver' },
    {
      path: `${leaver}?decide=${SCRIPT_ID}`,
      heading: 'Decide on reconcile.py',
      ready: /Custodian/,
      name: 'leaver-decide',
    },
  ]);
});
