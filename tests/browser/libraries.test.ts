import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { InventoryUpload } from '@sentinel/protocol';
import type { Page } from 'playwright-core';
import { sendRuns } from './support/sample-runs.ts';
import { type SignedInConsole, startSignedInConsole } from './support/signed-in-console.ts';

let app: SignedInConsole;

before(async () => {
  app = await startSignedInConsole();
});
after(() => app?.stop());

function rowsOf(page: Page): Promise<string[]> {
  return page.locator('tbody tr td:first-child .cell-main').allTextContents();
}

describe('without an inventory', () => {
  test('every view says what is missing and how it comes here', async () => {
    await app.check('libraries-empty', '/libraries', /No library is known yet/);
    await app.check('interpreters-empty', '/libraries?view=interpreters', /No interpreter is known yet/);
    await app.check('environments-empty', '/libraries?view=environments', /No environment is known yet/);
    await app.check('computers-empty', '/libraries?view=computers', /No computer was scanned yet/);
  });
});

describe('with inventories and runs', () => {
  before(async () => {
    const { client } = await app.server.enrol('fin-laptop-07');
    await client.uploadInventory({ body: inventory() });
    await sendRuns(client, [
      {
        script: 'invoice_entry.py',
        hostName: 'fin-laptop-07',
        userName: 'a.meyer',
        startedAt: new Date(Date.now() - 3_600_000),
        durationMs: 4200,
        activities: [imported('requests', '2.19.0'), imported('PyYAML', '6.0.1')],
      },
    ]);
  });

  test('shows what is wrong and used first, and leads to scripts, runs and computers', async () => {
    await app.check('libraries', '/libraries', /5 of 5 versions/);
    await app.check('interpreters', '/libraries?view=interpreters', /1 of 1 kinds/);
    await app.check('environments', '/libraries?view=environments', /1 of 1 kinds/);
    await app.check('computers', '/libraries?view=computers', /1 of 1 computers/);
    await app.check('library', '/libraries/requests', /invoice_entry\.py/);

    const { page, assertClean, close } = await app.open();
    await page.goto('/libraries');
    await page.getByText('5 of 5 versions').waitFor();
    assert.deepEqual(await rowsOf(page), ['requests', 'reqeusts', 'jinja2', 'pyyaml', 'pip']);
    await page.getByText('runs of the last 30 days imported 1 of them').waitFor();
    await page.getByRole('link', { name: 'requests', exact: true }).click();
    await page.getByRole('heading', { name: 'requests', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'invoice_entry.py' }).click();
    await page.getByRole('heading', { name: 'invoice_entry.py', level: 1 }).waitFor();
    assertClean();
    await close();
  });

  test('keeps the filters in the link', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/libraries?use=unused&verdict=any&sort=nonsense');
    await page.getByText('2 of 2 versions').waitFor();
    assert.deepEqual(await rowsOf(page), ['reqeusts', 'jinja2']);
    await page.goto('/libraries?q=CVE-2018-18074');
    await page.getByText('1 of 1 versions').waitFor();
    assert.deepEqual(await rowsOf(page), ['requests']);
    await page.getByLabel('Imported', { exact: true }).check();
    await page.waitForURL(/use=imported/);
    await page.getByLabel('Never imported').check();
    await page.getByText('No library matches these filters').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await page.getByText('5 of 5 versions').waitFor();
    assertClean();
    await close();
  });

  test('leads from a computer to the scripts that were found on it', async () => {
    const { page, assertClean, close } = await app.open();
    await page.goto('/libraries?view=computers');
    await page.getByRole('link', { name: 'fin-laptop-07' }).click();
    await page.getByRole('heading', { name: 'fin-laptop-07', level: 1 }).waitFor();
    await page.getByText('2 of 2 scripts').waitFor();
    assert.deepEqual(await rowsOf(page), ['report.py', 'tidy.py']);
    const path = new URL(page.url()).pathname;
    await page.getByLabel('Path').fill('tidy');
    await page.getByText('1 of 1 scripts').waitFor();
    assertClean();
    await close();
    await app.check('inventory', path, /2 of 2 scripts/);
  });

  test('is reached by its key', async () => {
    const { page, close } = await app.open();
    await page.goto('/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Libraries', level: 1 }).waitFor();
    await close();
  });
});

function imported(name: string, version: string) {
  return {
    type: 'module.import' as const,
    atMs: 10,
    attributes: {
      'sentinel.module.name': name.toLowerCase(),
      'sentinel.module.kind': 'distribution',
      'sentinel.distribution.name': name,
      'sentinel.distribution.version': version,
    },
  };
}

function inventory(): InventoryUpload {
  const found = { proof: '/x', owner: {} };
  const verdict = { severity: 'high', isKnownExploited: false } as const;
  return {
    id: randomUUID(),
    product: 'Sentinel 0.1.0',
    host: { name: 'fin-laptop-07', os: 'Debian', osVersion: '12', account: 'root' },
    startedAt: new Date(Date.now() - 7_200_000).toISOString(),
    durationMs: 900,
    roots: ['/'],
    coverage: {
      folders: 1,
      entries: 1,
      reusedFolders: 0,
      librarySources: 0,
      prunedFolders: 0,
      placeholders: 0,
      leftOut: [],
      leftOutCount: 0,
      isComplete: true,
      notes: [],
    },
    inventory: {
      interpreters: [
        {
          path: '/usr/bin/python3.11',
          aliases: [],
          kind: 'system',
          implementation: 'cpython',
          version: '3.11.2',
          ...found,
        },
      ],
      environments: [{ prefix: '/home/ana/.venv', kind: 'venv', version: '3.11.2', ...found }],
      packages: [
        ['requests', '2.19.0'],
        ['pyyaml', '6.0.1'],
        ['jinja2', '2.10'],
        ['reqeusts', '0.1'],
        ['pip', '24.0'],
      ].map(([distribution = '', version = '']) => ({
        distribution,
        version,
        site: '/home/ana/.venv/lib/python3.11/site-packages',
      })),
      scripts: ['report', 'tidy'].map((name) => ({
        path: `/home/ana/${name}.py`,
        sizeBytes: 10,
        owner: { uid: 1, name: 'ana' },
        place: { class: 'home' as const },
        modifiedAt: '2026-01-02T03:04:05.000Z',
        ground: 'extension' as const,
        role: 'script' as const,
      })),
      notebooks: [],
      schedules: [],
      launchers: [],
      kernels: [],
      frozen: [],
      references: [],
      processes: [],
    },
    risks: [{ path: '/home/ana/report.py', score: 81, band: 'critical', reason: 'a key in the source' }],
    packageVerdicts: [
      {
        distribution: 'requests',
        version: '2.19.0',
        kind: 'vulnerable',
        advisories: ['CVE-2018-18074', 'PYSEC-2018-28', 'GHSA-x84v-xcm2-53pg'],
        fixedIn: '2.20.0',
        sites: ['/site'],
        ...verdict,
      },
      {
        distribution: 'jinja2',
        version: '2.10',
        kind: 'vulnerable',
        advisories: ['CVE-2019-10906'],
        fixedIn: '2.10.1',
        sites: ['/site'],
        ...verdict,
      },
      {
        distribution: 'reqeusts',
        version: '0.1',
        kind: 'malicious',
        advisories: ['MAL-2022-7416'],
        sites: ['/site'],
        ...verdict,
      },
    ],
  };
}
