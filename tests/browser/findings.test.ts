import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { accessibilityFindings, screenshot } from './support/browser.ts';
import { sendRuns } from './support/sample-runs.ts';
import { type SignedInConsole, startSignedInConsole } from './support/signed-in-console.ts';

let app: SignedInConsole;

before(async () => {
  app = await startSignedInConsole();
});
after(() => app?.stop());

describe('before any run', () => {
  test('every page says what is missing and how it comes here', async () => {
    await app.check('findings-empty', '/findings', /Nothing waits for a decision/);
    await app.check('families-empty', '/families', /No script was judged yet/);
    await app.check('risk-empty', '/risk?of=script', /There is no figure yet/);
    await app.check('data-empty', '/data', /No script touched data yet/);
    await app.check('data-touches-empty', '/data?view=touches', /Nobody touched such data/);
    await app.check('data-files-empty', '/data?view=files', /No copy of such data is known/);
    await app.check('data-places-empty', '/data?view=places', /Nothing is labelled/);
  });

  test('data is labelled in the console', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/data?view=places');
    await page.getByRole('combobox', { name: /^What/ }).selectOption('table');
    await page.getByLabel('Where').fill('patients');
    await page.getByLabel('Labels, with commas between').fill('customer, health');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'patients', exact: true }).waitFor();
    assertClean();
    await close();
  });
});

describe('with a judged run', () => {
  before(async () => {
    const { client } = await app.server.enrol('ward-pc-03');
    await sendRuns(client, [
      {
        script: 'export_patients.py',
        hostName: 'ward-pc-03',
        userName: 'a.meyer',
        startedAt: new Date(Date.now() - 60_000),
        durationMs: 4200,
        activities: [
          {
            type: 'db.query',
            atMs: 10,
            rows: 24_000,
            attributes: {
              'db.system.name': 'postgresql',
              'db.operation.name': 'SELECT',
              'db.collection.name': ['patients'],
              'db.namespace': 'clinic',
              'app.server.address': 'db.corp',
            },
          },
          {
            type: 'file.open',
            atMs: 900,
            bytesOut: 900_000,
            attributes: { 'file.path': '/home/a.meyer/patients.csv', 'sentinel.file.operation': 'write' },
          },
        ],
      },
    ]);
    const { page, close } = await app.open();
    await page.goto('/findings');
    await page
      .getByText(/24,000 rows/)
      .first()
      .waitFor({ timeout: 60_000 });
    await close();
  });

  test('lists, pages and panels are clean in both themes and narrow', async () => {
    await app.check('findings', '/findings', /24,000 rows/);
    await app.check('families', '/families', /1 of 1 scripts/);
    await app.check('data', '/data', /From scripts to data and destinations/);
    await app.check('data-touches', '/data?view=touches', /1 of|2 of/);
    await app.check('data-files', '/data?view=files', /1 of 1 copies/);
    await app.check('data-places', '/data?view=places', /Labelled places/);
    await app.check('overview-board', '/', /Scripts that process customer data/);
    await app.check('risk', '/risk', /What would lower it/);
  });

  test('a finding leads to its evidence, and is accepted by keyboard with a reason and a last day', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/findings?ruleId=bulk-read');
    await page
      .getByRole('link', { name: /24,000 rows/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'What happened' }).waitFor();
    await screenshot(page, 'finding');
    assert.deepEqual(await accessibilityFindings(page), []);
    await page.getByRole('button', { name: 'Accept …' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await accessibilityFindings(page), [], 'dialog');
    await page.getByLabel('Reason').fill('agreed with the clinic');
    await page.getByRole('button', { name: 'Accept the risk for a time' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^accepted until \d{4}-\d\d-\d\d$/).waitFor();
    await page.getByText('reason: agreed with the clinic').waitFor();
    await page
      .getByRole('link', { name: /Activity 1/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: 'export_patients.py' }).waitFor();
    assertClean();
    await close();
  });

  test('the risk of the company leads to that of a machine and of a run, with what would lower it', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/risk');
    await page.getByRole('region', { name: 'The company' }).getByText('What would lower it').waitFor();
    await page.getByRole('link', { name: 'ward-pc-03' }).click({ timeout: 120_000 });
    const machine = page.getByRole('region', { name: 'ward-pc-03' });
    await machine.getByText(/Bring down: export_patients\.py/).waitFor();
    assert.deepEqual(await accessibilityFindings(page), []);
    await machine.getByRole('link', { name: 'Its runs' }).click();
    await page.getByRole('link', { name: 'export_patients.py' }).first().click();
    const run = page.getByRole('region', { name: 'Risk of this run' });
    await run.getByText('What would lower it').waitFor();
    assert.deepEqual(await accessibilityFindings(page), []);
    assertClean();
    await close();
  });

  test('exports all that matches as a file with as many rows', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/findings?state=all');
    await page.getByText(/\d of \d findings/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    const shown = await page.locator('tbody tr').count();
    assert.equal(lines.length, shown + 1);
    assert.match(lines[0] ?? '', /^severity,confidence,state,ruleId,title/);
    assertClean();
    await close();
  });

  test('a decision about a script shows in the answer to the board, and each number leads to its list', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/families');
    await page.getByRole('link', { name: 'export_patients.py' }).click();
    await page
      .getByRole('heading', { level: 2, name: 'What it is made of' })
      .or(page.getByText('What it is made of'))
      .waitFor();
    await screenshot(page, 'family');
    assert.deepEqual(await accessibilityFindings(page), []);
    await page.getByRole('button', { name: 'Decide …' }).click();
    await page.getByLabel('State').selectOption('sanctioned');
    await page.getByLabel('Reason').fill('reviewed with the ward');
    await page.getByRole('button', { name: 'Save the decision' }).click();
    await page.getByText(/sanction sanctioned/).waitFor();
    await page.goto('/');
    await page.getByText('Approved by owner (1).').waitFor();
    const panel = page.getByRole('region', { name: 'Scripts that process customer data' });
    await panel.getByRole('link').nth(5).click();
    await page.waitForURL(/isApproved=true/);
    await page.getByText('1 of 1 scripts').waitFor();
    assertClean();
    await close();
  });
});
