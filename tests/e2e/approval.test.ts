import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inboxFolder, probeEnvironment } from '@sentinel/capture';
import { cosignBundle, operatorKey } from '../../packages/cli/src/policy/sign-bundle.ts';
import { lookAfterApprovals } from '../../packages/server/src/jobs/approval-queue.ts';
import { signInAs, type TestPerson } from '../../packages/server/src/testing/sign-in-as.ts';
import { startTestServer, type TestServer } from '../../packages/server/src/testing/test-server.ts';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';

const SOURCE = `id: hr
version: 1
title: HR
mode: enforce
statements:
  - id: share
    activity: file.open
    effect: approve
    when: file.path.endsWith("hr.csv") && script.approval != "approved"
    explain: Files of HR are read by approved scripts.
    approve: { by: [approver], hold_s: 0 }
`;

const folder = mkdtempSync(join(tmpdir(), 'sentinel-approval-'));
const data = join(folder, 'agent-data');
const script = join(folder, 'report.py');
const { privateKey } = generateKeyPairSync('ed25519');
let server: TestServer;
let agent: Program;
let author: TestPerson;
let approver: TestPerson;

before(async () => {
  server = await startTestServer();
  author = await signInAs(server, 'ada', 'policy-author');
  approver = await signInAs(server, 'bob', 'approver');
  agent = startProgram(
    'packages/agent/src/main.ts',
    [
      '--data',
      data,
      '--server',
      server.url,
      '--token',
      await server.server.createLocalEnrolmentToken(),
      '--operator-key',
      operatorKey(privateKey),
      '--organisation',
      'contoso',
    ],
    join(folder, 'agent.log'),
  );
  await agent.message('ready');
  writeFileSync(join(folder, 'hr.csv'), 'a,b\n');
  writeFileSync(script, 'print(open("hr.csv").read())\n');
});
after(async () => {
  await agent?.stop();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a script that is held back is asked for by itself, approved by another person, and runs with the next signed bundle', async () => {
  await author.client.savePolicy({ body: { source: SOURCE, reason: 'HR asks for it' } });
  // The way through shadow and rings takes days; it has tests of its own.
  const { control } = server.server.services;
  await control.updateTable('policy_version').set({ stage: 'enforced', percent: 100 }).execute();
  await publish(1);

  const refused = await run();
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /Files of HR are read by approved scripts/);
  const filed = await eventually(60_000, async () => {
    await lookAfterApprovals(server.server.services, Date.now());
    const { items } = await approver.client.listApprovals({ query: { waitsForMe: 'yes' } });
    assert.deepEqual(
      items.map(({ scriptName, origin, reason }) => [scriptName, origin, reason]),
      [['report.py', 'policy', 'hr/share held its file.open back.']],
    );
    return items[0] ?? assert.fail();
  });
  await approver.client.decideApproval({
    params: { approvalId: filed.id },
    body: { isApproved: true, reason: 'read the source' },
  });
  await publish(2);

  const allowed = await run();

  assert.deepEqual([allowed.code, allowed.stdout.trim()], [0, 'a,b']);
  writeFileSync(script, 'print(open("hr.csv").read(), "and more")\n');
  assert.notEqual((await run()).code, 0, 'another version is not approved');
});

/** Signs what the server drafts, as an operator does elsewhere, and waits until the endpoint has it in force. */
async function publish(version: number): Promise<void> {
  const { payload } = await author.client.getBundleDraft({ query: { organisation: 'contoso' } });
  await approver.client.publishBundle({ body: cosignBundle({ payload, signatures: [] }, privateKey) });
  await eventually(60_000, async () => {
    const { items } = await approver.client.listEndpoints();
    assert.equal(items[0]?.trust?.report?.policyVersion, version);
  });
}

function run(): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = probeEnvironment(process.env, inboxFolder(data));
  return new Promise((resolve) => {
    execFile('python3', [script], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
