import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessibilityFindings } from './support/browser.ts';
import { type SignedInConsole, startSignedInConsole } from './support/signed-in-console.ts';

let app: SignedInConsole;

before(async () => {
  app = await startSignedInConsole();
});
after(() => app?.stop());

test('a department gets its working hours, days off and approved hours, and files to look into are named', async () => {
  const { page, assertClean, close } = await app.open();
  await page.goto('/settings?tab=departments');
  await page.getByRole('button', { name: 'Add a department' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Finance');
  await page.getByLabel('Short name').fill('finance');
  await page.getByRole('checkbox', { name: 'fri' }).uncheck();
  await page.getByLabel('Time zone of its computers').fill('Europe/Berlin');
  await page.getByLabel('Days off, one date a line').fill('2026-12-25\n2026-12-26');
  await page.getByRole('button', { name: 'Add hours' }).click();
  await page.getByLabel('Approved by').fill('the controller');
  assert.deepEqual(await accessibilityFindings(page), []);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('mon, tue, wed, thu 07:00 to 19:00, Europe/Berlin').waitFor();

  await page.getByRole('textbox', { name: 'Which' }).fill('**/finance/**');
  await page.getByRole('combobox', { name: 'Department' }).selectOption('finance');
  await page.getByRole('textbox', { name: 'Owner' }).fill('Ada');
  await page.getByRole('button', { name: 'Add the rule' }).click();
  await page.getByRole('cell', { name: '**/finance/**', exact: true }).waitFor();
  await page.getByLabel('Files, one pattern a line').fill('/home/*/exports/**');
  await page.getByRole('button', { name: 'Save the patterns' }).click();
  await page.getByText('on', { exact: true }).waitFor();

  const stored = await page.evaluate(async () => (await fetch('/api/v1/company')).text());
  const { departments, responsibilities, settings } = JSON.parse(stored) as {
    departments: { schedules: object[]; calendar: object }[];
    responsibilities: { match: string; owner: string; departmentId: string }[];
    settings: { sampling: object };
  };
  assert.deepEqual(
    [departments[0]?.calendar, departments[0]?.schedules, settings.sampling],
    [
      {
        days: ['mon', 'tue', 'wed', 'thu'],
        from: '07:00',
        to: '19:00',
        timeZone: 'Europe/Berlin',
        holidays: ['2026-12-25', '2026-12-26'],
      },
      [{ from: '01:00', to: '05:00', approvedBy: 'the controller' }],
      { files: ['/home/*/exports/**'] },
    ],
  );
  assert.deepEqual(
    responsibilities.map(({ match, owner, departmentId }) => [match, owner, departmentId]),
    [['**/finance/**', 'Ada', 'finance']],
  );
  assertClean();
  await close();
});

test('retention is previewed and set, a hold placed and released', async () => {
  const { page, assertClean, close } = await app.open();
  await page.goto('/settings?tab=retention');
  await page.getByRole('button', { name: /What runs did/ }).click();
  await page.getByLabel(/^Days, at least/).fill('30');
  await page.getByText('0 rows of 0 days would go now').waitFor();
  await page.getByLabel('Reason').fill('the works council agreed on it');
  assert.deepEqual(await accessibilityFindings(page), []);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('cell', { name: '30 days' }).first().waitFor();

  await page.getByRole('button', { name: 'Place a hold' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Case 7');
  await page.getByLabel('Account').fill('a.meyer');
  await page.getByLabel('Reason').fill('a court asked for it');
  await page.getByRole('dialog').getByRole('button', { name: 'Place the hold' }).click();
  await page.getByRole('button', { name: 'Release the hold Case 7' }).click();
  await page.getByLabel('Reason').fill('the case is closed');
  await page.getByRole('dialog').getByRole('button', { name: 'Release the hold' }).click();
  await page.getByText('Released', { exact: true }).waitFor();
  assertClean();
  await close();
});

test('departments and retention have no accessibility finding, wide and narrow, in both themes', async () => {
  await app.check('settings-departments', '/settings?tab=departments', /Looking into data files/);
  await app.check('settings-retention', '/settings?tab=retention', /Records that could not be read/);
});
