import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Analysis, type ScriptFacts, SentinelError } from '@sentinel/protocol';
import { lookAfterApprovals } from '../jobs/approval-queue.ts';
import { storeScriptFacts } from '../store/script-facts.ts';
import { DAY_MS } from '../store/store-time.ts';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { signInAs, type TestPerson } from '../testing/sign-in-as.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

const sha = (letter: string) => letter.repeat(64);

let server: TestServer;
let agent: TestAgent;
let asker: TestPerson;
let approver: TestPerson;

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  asker = await signInAs(server, 'una', 'user');
  approver = await signInAs(server, 'bob', 'approver', { osUsers: ['robert'] });
});
after(() => server.close());

const question = (sha256: string) => ({
  sha256,
  scriptName: 'report.py',
  scriptPath: '/srv/report.py',
  reason: 'daily report',
});

describe('an approval of a script', () => {
  it('is asked for by one, decided by another, with evidence that is frozen', async () => {
    await sendRun(sha('a'), 'ann');
    const asked = await asker.client.requestApproval({ body: question(sha('a')) });
    assert.deepEqual([asked.state, asked.waitsForMe], ['pending', false]);
    await assert.rejects(
      asker.client.requestApproval({ body: question(sha('a')) }),
      /pending already, asked for by una/,
    );
    const mine = await approver.client.listApprovals({ query: { waitsForMe: 'yes' } });
    assert.deepEqual(
      mine.items.map(({ id, waitsForMe }) => [id, waitsForMe]),
      [[asked.id, true]],
    );

    const params = { approvalId: asked.id };
    const approved = await approver.client.decideApproval({
      params,
      body: {
        isApproved: true,
        reason: 'read it',
        terms: { destinations: ['mail.contoso.com'], labels: ['financial'] },
      },
    });

    assert.deepEqual([approved.state, approved.decidedBy, approved.terms.labels], ['approved', 'bob', ['financial']]);
    assert.equal(Math.round((Date.parse(approved.expiresAt ?? '') - Date.now()) / DAY_MS), 180);
    await sendRun(sha('a'), 'ann');
    const { evidence } = await approver.client.getApproval({ params });
    assert.deepEqual(
      [evidence.runs, evidence.people, evidence.firstWriter, evidence.touched.map(({ target }) => target)],
      [1, ['ann'], 'ann', ['/data/1.csv']],
      'what came after the decision is not in it',
    );
    await assert.rejects(
      approver.client.decideApproval({ params, body: { isApproved: false, reason: 'twice' } }),
      /It is approved/,
    );
  });

  it('is never decided by who asked or who first ran that version, nor seen by strangers', async () => {
    await sendRun(sha('b'), 'robert');
    const asked = await asker.client.requestApproval({ body: question(sha('b')) });
    const own = await approver.client.requestApproval({ body: question(sha('c')) });
    const decide = (id: string) =>
      approver.client.decideApproval({ params: { approvalId: id }, body: { isApproved: true, reason: 'mine' } });

    await assert.rejects(decide(asked.id), /You wrote it or ran it first/);
    await assert.rejects(decide(own.id), /You asked for it/);
    assert.equal((await approver.client.listApprovals({ query: { waitsForMe: 'yes' } })).total, 0);
    const stranger = await signInAs(server, 'dan', 'user');
    assert.equal((await stranger.client.listApprovals({})).total, 0);
    await assert.rejects(
      stranger.client.getApproval({ params: { approvalId: asked.id } }),
      (error) => error instanceof SentinelError && error.code === 'not-found',
    );
    const withdrawn = await asker.client.withdrawApproval({
      params: { approvalId: asked.id },
      body: { reason: 'not needed' },
    });
    assert.equal(withdrawn.state, 'withdrawn');
  });

  it('is filed by itself when a policy held a script back, once', async () => {
    await sendRun(sha('d'), 'carl', {
      effect: 'approve',
      disposition: 'blocked',
      policyId: 'hr',
      statementId: 'share',
      reason: 'ask first',
    });

    await lookAfterApprovals(server.server.services, Date.now());
    await lookAfterApprovals(server.server.services, Date.now());

    const { items } = await approver.client.listApprovals({ query: { sha256: sha('d') } });
    assert.deepEqual(
      items.map(({ state, origin, requestedBy, reason, waitsForMe }) => [
        state,
        origin,
        requestedBy,
        reason,
        waitsForMe,
      ]),
      [['pending', 'policy', 'carl', 'hr/share held its file.open back.', true]],
    );
  });

  it('carries over to a version that differs in nothing that counts, and shows what is new otherwise', async () => {
    const { control } = server.server.services;
    const keep = (sha256: string, over: Partial<Analysis>) =>
      storeScriptFacts(control, facts(sha256, over), agent.endpointId, Date.now());
    await keep(sha('1'), {});
    await keep(sha('2'), {});
    await keep(sha('3'), { hosts: ['api.contoso.com', 'drop.example.net'] });
    const first = await asker.client.requestApproval({ body: question(sha('1')) });
    await approver.client.decideApproval({
      params: { approvalId: first.id },
      body: { isApproved: true, reason: 'fine', days: 90 },
    });

    await lookAfterApprovals(server.server.services, Date.now());
    const other = await asker.client.requestApproval({ body: question(sha('3')) });

    const { items } = await approver.client.listApprovals({ query: { sha256: sha('2') } });
    assert.deepEqual(
      items.map(({ state, origin, carriedFrom, decidedBy }) => [state, origin, carriedFrom, decidedBy]),
      [['approved', 'carried', first.id, 'carried over']],
    );
    assert.equal(other.state, 'pending');
    const detail = await approver.client.getApproval({ params: { approvalId: other.id } });
    assert.deepEqual(detail.diff?.added, [{ part: 'hosts', names: ['drop.example.net'] }]);
    assert.deepEqual([detail.diff?.carriesOver, detail.diff?.isSameSyntax], [false, true]);
  });

  it('believes no summary of the requester for that', async () => {
    const summary = {
      familyHash: `f1:${'0'.repeat(32)}`,
      imports: ['requests'],
      capabilities: ['network.http'],
      calls: [],
      hosts: ['api.contoso.com'],
      tables: [],
      files: [],
      packages: [],
      flows: [],
      secrets: 0,
      isWhole: true,
    };
    const asked = await asker.client.requestApproval({ body: { ...question(sha('4')), summary } });
    assert.equal(asked.state, 'pending');
  });

  it('ends on its day, can be revoked, and is told to endpoints', async () => {
    const { services } = server.server;
    const states = async () => {
      const author = await signInAs(server, `ada${Math.random()}`, 'policy-author');
      const { bundle } = await author.client.getBundleDraft({ query: { organisation: 'contoso' } });
      return Object.fromEntries(
        (bundle.approvals ?? []).map(({ sha256, state }): [string, string] => [sha256.slice(0, 1), state]),
      );
    };
    const [two] = (await approver.client.listApprovals({ query: { sha256: sha('2') } })).items;
    await approver.client.revokeApproval({ params: { approvalId: two?.id ?? '' }, body: { reason: 'misused' } });
    assert.deepEqual(await states(), {
      a: 'approved',
      c: 'pending',
      d: 'pending',
      1: 'approved',
      2: 'revoked',
      3: 'pending',
      4: 'pending',
    });

    await lookAfterApprovals(services, Date.now() + 181 * DAY_MS);

    const { items } = await approver.client.listApprovals({ query: { state: 'expired' } });
    assert.deepEqual(new Set(items.map(({ sha256 }) => sha256[0])), new Set(['1', 'a']));
    const [again] = (await approver.client.listApprovals({ query: { sha256: sha('2') } })).items;
    assert.equal(again?.state, 'revoked', 'what a person took back is not carried over again');
  });
});

async function sendRun(
  sha256: string,
  userName: string,
  decision?: NonNullable<Parameters<typeof makeActivity>[2]>['decision'],
) {
  const run = makeRun({
    script: { id: sha256.slice(0, 32), kind: 'file', name: 'report.py', path: '/srv/report.py', sha256 },
    user: { name: userName, id: 1 },
  });
  const activity = makeActivity(run.id, 1, decision === undefined ? {} : { decision });
  await agent.client.sendBatch({ body: makeBatch({ runs: [run], activities: [activity] }) });
}

function facts(sha256: string, over: Partial<Analysis>): ScriptFacts {
  return {
    sha256,
    familyHash: `f1:${'0'.repeat(32)}`,
    secretUses: [],
    risk: { score: 0, band: 'low', shares: [], method: 'test' },
    analysis: {
      path: '/srv/report.py',
      sha256,
      language: 'python3',
      parse: 'clean',
      imports: ['requests'],
      capabilities: [{ id: 'network.http', evidence: [], detail: ['requests.get'] }],
      flows: [],
      hosts: ['api.contoso.com'],
      secrets: [],
      weaknesses: [],
      packages: [],
      verdicts: [],
      unresolved: { calls: 0, reasons: [] },
      failures: [],
      ...over,
    },
  };
}
