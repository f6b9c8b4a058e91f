import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPolicy, tryExamples } from '@sentinel/policy';
import { ObservedActivity, Run } from '@sentinel/protocol';
import { z } from 'zod';
import { makeBatch } from '../testing/rows.ts';
import { startTestServer } from '../testing/test-server.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const LIBRARY = join(ROOT, 'policies');
const RECORDED = join(ROOT, 'packages/detector/src/scenarios/demo.json');
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** First day of the recording, a Friday. */
const RECORDED_MS = Date.UTC(2026, 10, 20);

/** Statements that hit the five recorded runs of the demo: activities, and the scripts that did them. */
const HITS: Readonly<Record<string, readonly [number, string]>> = {
  'customer-tables/customers': [1, 'patient_export_clean.py'],
  'database-bulk-read/many-rows': [2, 'patient_export_clean.py, sap_gl_export.py'],
  'llm-approved-providers/provider': [2, 'summarise_complaints.py'],
  'llm-personal-data/personal-data': [1, 'summarise_complaints.py'],
  'llm-secret-in-prompt/secret': [1, 'summarise_complaints.py'],
  'personal-cloud-folder/write': [1, 'sap_gl_export.py'],
  'sap-automation/sap': [1, 'sap_gl_export.py'],
  'sensitive-files/share': [2, 'sap_gl_export.py'],
};

/** Policies that hit nothing of it, and what the demo does not do. Their own examples say what they are for. */
const NONE: Readonly<Record<string, string>> = {
  'bulk-egress': 'no host was sent more than 21 kilobytes',
  'code-injection': 'no pickles, and no code was put into another process',
  'credential-stores': 'no browser store or key was opened',
  'database-destruction': 'nothing was dropped, and the databases are SQLite files',
  'database-writes': 'writes went to SQLite files, which belong to whoever has them',
  'desktop-capture': 'no keyboards, screens or clipboards',
  'labelled-data-leaves': 'the server keeps no labels of what was sent, and what is unknown is not held up',
  leavers: 'the server says of no stored run that its owner has left',
  listeners: 'no port was opened',
  'llm-attachments': 'prompts were texts',
  'llm-tools': 'no tool was called',
  'llm-volume': 'four calls to a model',
  'mail-outside': 'mails were read from files; none was sent',
  'night-runs': 'the recording does not say whether a schedule started a run, and what is unknown is no hit',
  'packages-install': 'nothing was installed',
  'packages-malicious': 'imported packages are as they should be',
  'packages-vulnerable': 'nothing was installed',
  'personal-cloud-upload': 'the file went to a folder; what syncs it is no script',
  'probe-tampering': 'nobody touched the probe',
  shells: 'ls and uname are no shells',
  webhooks: 'requests went to this computer',
};

const Recording = z.object({ cases: z.array(z.object({ run: Run, activities: z.array(ObservedActivity) })) });

test('every policy of the starter library hits of the demo what the table says, and nothing else', async () => {
  const server = await startTestServer();
  try {
    const agent = await server.enrol();
    const { client } = await server.signIn();
    // Whole weeks later, so that it stays young enough to be kept, on the same days at the same hours.
    const shiftMs = Math.floor((Date.now() - RECORDED_MS) / WEEK_MS) * WEEK_MS;
    const { cases } = Recording.parse(
      JSON.parse(readFileSync(RECORDED, 'utf8'), (key, value: unknown) => later(key, value, shiftMs)),
    );
    await agent.client.sendBatch({
      body: makeBatch({
        runs: cases.map(({ run }) => run),
        activities: cases.flatMap(({ run, activities }) =>
          activities.map((activity) => ({ ...activity, runId: run.id, revision: 1 })),
        ),
      }),
    });
    const from = new Date(RECORDED_MS + shiftMs).toISOString();
    const to = new Date(RECORDED_MS + shiftMs + DAY_MS).toISOString();

    let simulation = await client.startSimulation({ body: { sources: sources().map(({ text }) => text), from, to } });
    while (simulation.status === 'running') {
      await sleep(50);
      simulation = await client.getSimulation({ params: { simulationId: simulation.id } });
    }

    assert.deepEqual([simulation.status, simulation.activities], ['done', 115]);
    const hit = simulation.statements.filter(({ hits }) => hits > 0);
    assert.deepEqual(
      Object.fromEntries(
        hit.map(({ policyId, statementId, hits, scripts }) => [
          `${policyId}/${statementId}`,
          [
            hits,
            scripts
              .map(({ label }) => label ?? '')
              .toSorted()
              .join(', '),
          ],
        ]),
      ),
      HITS,
    );
    const hitPolicies = new Set(hit.map(({ policyId }) => policyId));
    assert.deepEqual(
      [...hitPolicies, ...Object.keys(NONE)].toSorted(),
      sources()
        .map(({ id }) => id)
        .toSorted(),
    );
  } finally {
    await server.close();
  }
});

test('policies that hit nothing of the demo hit their own examples, and have some of both sorts for every statement', () => {
  const wrong: unknown[] = [];
  for (const { id, text } of sources()) {
    const { source, compiled } = readPolicy(text);
    assert.ok(source !== undefined && compiled !== undefined, id);
    wrong.push(...tryExamples(source, compiled).faults);
    for (const one of source.statements)
      if (one.match.length === 0 || (one.nomatch.length === 0 && one.when !== '')) wrong.push(`${id}/${one.id}`);
  }
  assert.deepEqual(wrong, []);
});

function sources(): { id: string; text: string }[] {
  return readdirSync(LIBRARY).map((name) => ({
    id: name.replace('.yaml', ''),
    text: readFileSync(join(LIBRARY, name), 'utf8'),
  }));
}

function later(key: string, value: unknown, ms: number): unknown {
  const isTime = ['startedAt', 'endedAt', 'firstSeen', 'lastSeen'].includes(key);
  return isTime ? new Date(Date.parse(String(value)) + ms).toISOString() : value;
}
