import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Client, createClient } from '@sentinel/client';
import type { Page } from 'playwright-core';
import { sendRuns } from './support/sample-runs.ts';
import { type SignedInConsole, startSignedInConsole } from './support/signed-in-console.ts';

const SOURCE = `id: hr-share
version: 1
title: Files of the HR share
mode: enforce
statements:
  - id: read
    activity: file.open
    effect: block
    when: file.path.startsWith("/srv/hr/")
    explain: Files of the HR share are read by approved scripts.
    match: [{ facts: { file.path: /srv/hr/people.csv } }]
    waiver: { by: [user.name], max_days: 60 }
`;

let app: SignedInConsole;
let client: Client;

before(async () => {
  app = await startSignedInConsole();
  client = createClient({
    baseUrl: app.server.url,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie: app.cookie } }),
  });
});
after(() => app?.stop());

/** Does something on a page by keys alone. */
async function byKeys(path: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, assertClean, close } = await app.open();
  await page.goto(path);
  await work(page);
  assertClean();
  await close();
}

/** Moves the focus with Tab until it stands on a control of that name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      const element = document.activeElement;
      const labelled = element?.closest('label')?.textContent ?? '';
      return `${element?.getAttribute('aria-label') ?? ''} ${element?.tagName === 'TEXTAREA' ? labelled : (element?.textContent ?? '')}`;
    });
    if (name.test(label)) return;
  }
  assert.fail(`no control ${String(name)} takes the focus`);
}

describe('without policies and requests', () => {
  test('the pages say why they are empty and what to do', async () => {
    await app.check('policies-empty', '/policies', /There is no policy yet/);
    await app.check('policies-unmatched', '/policies?q=nothing', /No policy matches/);
    await app.check('policy-unknown', '/policies/nothing', /There is no policy nothing/);
    await app.check('policy-new', '/policies/new', /Ctrl and Enter check it/);
    await app.check('approvals-empty', '/approvals', /Nobody has asked for an approval yet/);
    await app.check('approvals-mine-empty', '/approvals?mine=yes', /Nothing waits for you/);
  });
});

describe('with a policy and a request', () => {
  let approvalId = '';

  before(async () => {
    const agent = await app.server.enrol('fin-laptop-07');
    await sendRuns(agent.client, [
      {
        script: 'payroll.py',
        hostName: 'fin-laptop-07',
        userName: 'a.meyer',
        startedAt: new Date(Date.now() - 3_600_000),
        durationMs: 4200,
        activities: [
          {
            type: 'file.open',
            attributes: { 'file.path': '/srv/hr/people.csv', 'sentinel.file.operation': 'read' },
            atMs: 10,
          },
        ],
      },
    ]);
    const asked = await client.requestApproval({
      body: {
        sha256: 'a'.repeat(64),
        scriptName: 'payroll.py',
        scriptPath: '/home/a.meyer/payroll.py',
        reason: 'monthly payroll',
        terms: { labels: ['personal'], destinations: ['mail.contoso.com'] },
      },
    });
    approvalId = asked.id;
  });

  test('a policy is written, checked, saved, simulated and taken to shadow by keys alone', async () => {
    await byKeys('/policies/new', async (page) => {
      await page.getByRole('heading', { name: 'Write a policy' }).waitFor();
      await tabTo(page, /id: my-policy/);
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(SOURCE.replace('block', 'blok'));
      await page.keyboard.press('Control+Enter');
      await page.getByText('It has errors').waitFor();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(SOURCE);
      await page.keyboard.press('Control+Enter');
      await page.getByText('It can be saved').waitFor();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, /Reason/);
      await page.keyboard.insertText('HR asks for it');
      await tabTo(page, /Save/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Files of the HR share' }).waitFor();
      await tabTo(page, /^ ?Simulate$/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, /Play it/);
      await page.keyboard.press('Enter');
      await page.getByText(/Done: 1 hits/).waitFor();
      await page.keyboard.press('Escape');
      await tabTo(page, /Start in shadow/);
      await page.keyboard.press('Enter');
      await tabTo(page, /Reason/);
      await page.keyboard.insertText('see what it would do');
      await tabTo(page, /Start in shadow/);
      await page.keyboard.press('Enter');
      await page.getByText('Start the rollout at 1 %').waitFor();
    });
    const { live } = await client.getPolicy({ params: { policyId: 'hr-share' } });
    assert.deepEqual([live?.stage, live?.simulation?.hits], ['shadow', 1]);
  });

  test('every view of a policy and of a request is clean, and names who would be hit', async () => {
    await app.check('policies', '/policies', /Files of the HR share/);
    await app.check('policy-source', '/policies/hr-share', /are read by approved scripts/);
    await app.check('policy-diff', '/policies/hr-share?view=diff', /against nothing: it is the first/);
    await app.check('policy-simulation', '/policies/hr-share?view=simulation', /payroll\.py/);
    await app.check('policy-waivers', '/policies/hr-share?view=waivers', /Nobody deviates from this policy/);
    await app.check('policy-versions', '/policies/hr-share?view=versions', /HR asks for it/);
    await app.check('approvals', '/approvals', /monthly payroll/);
    await app.check('approval', `/approvals/${approvalId}`, /You asked for it: another person decides/);
  });

  test('a waiver is asked for in the console, and the banner stands over every page while break-glass is asked for', async () => {
    await byKeys('/policies/hr-share?view=waivers', async (page) => {
      await page.getByText('Nobody deviates').waitFor();
      await tabTo(page, /Ask for a waiver/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, /Values/);
      await page.keyboard.insertText('a.meyer');
      await page.keyboard.press('Tab');
      await page.keyboard.insertText('Anna Meyer');
      await tabTo(page, /Reason/);
      await page.keyboard.insertText('month end');
      await tabTo(page, /^ ?Ask$/);
      await page.keyboard.press('Enter');
      await page.getByText('user.name: a.meyer').waitFor();
    });
    await client.askBreakGlass({ body: { reason: 'payroll stands still', minutes: 30 } });
    await app.check('break-glass', '/runs', /asks that policies only report/);
    await client.endBreakGlass();
  });
});
