import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AgentProcess, until } from './testing/agent-process.ts';
import { ProbeWriter } from './testing/probe-writer.ts';
import { ReceivingServer } from './testing/receiving-server.ts';

/** A process id that no process has. */
const GONE = { 'process.pid': 2 ** 22 + 1 };

describe('agent process', () => {
  let data: string;
  let inbox: string;
  let server: ReceivingServer;
  let agents: AgentProcess[];

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'sentinel-agent-'));
    inbox = join(data, 'agent', 'inbox');
    mkdirSync(inbox, { recursive: true });
    server = await ReceivingServer.start();
    agents = [];
  });

  afterEach(async () => {
    await Promise.all(agents.map((agent) => agent.end('SIGKILL')));
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const start = (...args: string[]) => {
    const agent = new AgentProcess(data, ['--server', server.url, ...args]);
    agents.push(agent);
    return agent;
  };

  it('enrols, ships a run as it goes on, and deletes its file once all is durable', async () => {
    const agent = start('--token', 'good');
    assert.match(String((await agent.ready())['endpointId']), /^[0-9a-f-]{36}$/);
    const run = new ProbeWriter(inbox);
    const id = run.activity('/data/customers.csv');
    await until(
      'the running run is stored',
      () => server.runs[0]?.status === 'running' && server.activities.length === 1,
    );
    assert.ok(existsSync(run.path), 'the file stays while the run goes on');
    run.change(id, 7);
    await until('the change is stored', () => server.activities[0]?.count === 7);

    const short = new ProbeWriter(inbox, GONE);
    short.end();
    await until('the ended run is stored', () =>
      server.runs.some(({ id, status }) => id === short.runId && status === 'ended'),
    );
    await until('its file is deleted', () => !existsSync(short.path));
    assert.deepEqual(server.problems, []);
    assert.equal(statSync(join(data, 'agent', 'identity.json')).mode & 0o777, 0o600);
  });

  it('needs no token the second time and keeps its endpoint id', async () => {
    const first = start('--token', 'good');
    const { endpointId } = await first.ready();
    assert.equal(await first.end(), 0);
    const second = start();
    assert.equal((await second.ready())['endpointId'], endpointId);
    assert.equal(server.enrolments, 1);
  });

  it('does not start without a token, with a refused one, without a server, or beside another agent', async () => {
    for (const [args, text] of [
      [['--server', server.url], /not enrolled.*no token/s],
      [['--server', server.url, '--token', 'bad'], /not enrolled: by test/],
      [['--token', 'good'], /no server: give --server/],
      [['--server', 'nonsense', '--token', 'good'], /no http or https address/],
    ] as const) {
      const agent = new AgentProcess(data, args);
      agents.push(agent);
      await until('it ends', () => agent.child.exitCode !== null);
      assert.equal(agent.child.exitCode, 1);
      assert.match(agent.log, text);
    }
    await start('--token', 'good').ready();
    const twin = start();
    await until('it ends', () => twin.child.exitCode !== null);
    assert.match(twin.log, /already runs on this data folder/);
  });

  it('spools while nobody answers and says so, then ships everything', async () => {
    server.mode = 'down';
    const agent = start('--token', 'good');
    assert.deepEqual(await agent.ready(), { kind: 'ready', offline: true });
    const run = new ProbeWriter(inbox, GONE);
    for (let i = 0; i < 50; i++) run.activity();
    run.end();
    await until('the file is deleted, being durable in the spool', () => !existsSync(run.path));
    assert.equal(server.rows.size, 0);
    server.mode = 'ok';
    await until('all rows are there', () => server.rows.size === 51);
    assert.equal(server.enrolments, 1);
  });

  it('takes no portal page, no acknowledgement of another batch and no lost answer for an acknowledgement', async () => {
    const agent = start('--token', 'good');
    await agent.ready();
    for (const mode of ['portal', 'other-ack', 'ack-lost', 'unavailable'] as const) {
      server.mode = mode;
      const run = new ProbeWriter(inbox, GONE);
      run.activity();
      run.end();
      const before = server.requests;
      await until(`a batch was tried under ${mode}`, () => server.requests > before);
      await until('it is spooled', () => agent.status().counters.spoolBatches > 0);
      server.mode = 'ok';
      await until(`the spool drains after ${mode}`, () =>
        readdirSync(join(data, 'agent', 'spool')).every((name) => name === 'spool.json'),
      );
      assert.ok(server.rows.has(run.runId));
    }
    assert.ok(server.duplicates >= 1, 'what was stored without an acknowledgement came again and was recognised');
    assert.deepEqual(server.problems, []);
  });

  it('sets aside what the server refuses for good and goes on', async () => {
    const agent = start('--token', 'good');
    await agent.ready();
    for (const mode of ['malformed', 'conflict'] as const) {
      server.mode = mode;
      const before = agent.status().counters.batchesQuarantined;
      const refused = new ProbeWriter(inbox, GONE);
      refused.end();
      await until(`the batch is set aside under ${mode}`, () => agent.status().counters.batchesQuarantined > before);
      server.mode = 'ok';
      const next = new ProbeWriter(inbox, GONE);
      next.end();
      await until('the next one arrives', () => server.rows.has(next.runId));
    }
  });

  it('splits a batch that is too large until it is taken', async () => {
    server.maxRows = 10;
    const agent = start('--token', 'good');
    await agent.ready();
    const run = new ProbeWriter(inbox, GONE);
    for (let i = 0; i < 100; i++) run.activity();
    run.end();
    await until('all rows are there', () => server.rows.size === 101);
    assert.ok([...server.batches.values()].every((rows) => rows <= 10));
  });

  it('enrols again when the server forgot it and a token is there, and keeps the spool', async () => {
    const first = start('--token', 'good');
    await first.ready();
    await first.end();
    server.forgetEndpoint();
    const run = new ProbeWriter(inbox, GONE);
    run.end();
    const second = start('--token', 'good');
    await until('the run is stored', () => server.rows.has(run.runId));
    assert.equal(server.enrolments, 2);
    assert.equal(second.child.exitCode, null);
  });

  it('keeps everything when the server refuses it and no token is there', async () => {
    const first = start('--token', 'good');
    await first.ready();
    await first.end();
    server.mode = 'unauthorised';
    const agent = start();
    const run = new ProbeWriter(inbox, GONE);
    run.end();
    await until('it is spooled', () => agent.status().counters.spoolBatches === 1 && !agent.status().isInContact);
    assert.equal(agent.child.exitCode, null);
    assert.equal(agent.status().counters.batchesQuarantined, 0);
  });

  it('deletes nothing of a held folder, takes the end from its holder, and cleans up behind it', async () => {
    await start('--token', 'good').ready();
    const held = join(inbox, `held-${process.pid}-abc123`);
    mkdirSync(held);
    const run = new ProbeWriter(held, GONE);
    run.activity();
    await until('the run is read along', () => server.rows.size === 2);
    assert.equal(server.runs[0]?.status, 'running');
    run.end({ 'sentinel.run.exit_route': 'signal', 'sentinel.run.exit_signal': 'SIGKILL' });
    await until('its end is stored', () => server.runs[0]?.exitSignal === 'SIGKILL');
    assert.ok(existsSync(run.path));
    renameSync(held, join(inbox, `done-${process.pid}-abc123`));
    await until('the folder is gone', () => readdirSync(inbox).length === 0);
    assert.equal(server.runs.length, 1);
  });

  it('calls a run vanished whose process is gone without a word, and finds the parent by process ids', async () => {
    await start('--token', 'good').ready();
    const parent = new ProbeWriter(inbox);
    const child = new ProbeWriter(inbox, { ...GONE, 'process.parent_pid': process.pid });
    child.activity();
    await until('it is stored as vanished', () => server.runs.some(({ exitRoute }) => exitRoute === 'vanished'));
    const stored = server.runs.find(({ id }) => id === child.runId);
    assert.equal(stored?.status, 'ended');
    assert.equal(stored?.parentRunId, parent.runId);
    await until('its file is deleted', () => !existsSync(child.path));
  });

  it('survives nonsense in the inbox and counts it', async () => {
    const agent = start('--token', 'good');
    await agent.ready();
    writeFileSync(join(inbox, 'rubbish.probe'), 'no record\n');
    writeFileSync(join(inbox, 'newer.probe'), `H\t99\t1\n`);
    mkdirSync(join(inbox, 'folder.probe'));
    const run = new ProbeWriter(inbox, GONE);
    run.line('A', 1, 'nonsense', 1);
    run.line('?');
    run.activity();
    run.end();
    await until('the good rows are there', () => server.rows.size === 2);
    await until('the rest is counted', () => agent.status().counters.recordsMalformed >= 4);
    await until('and out of the way', () => readdirSync(inbox).join() === 'folder.probe');
  });

  it('leaves probe files where they are while the spool is full', async () => {
    server.mode = 'down';
    const agent = start('--token', 'good', '--spool-limit-mib', '0.0005');
    await agent.ready();
    const first = new ProbeWriter(inbox, GONE);
    first.end();
    await until('the spool has something', () => agent.status().counters.spoolBytes > 525);
    const second = new ProbeWriter(inbox, GONE);
    second.end();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.ok(existsSync(second.path));
    assert.equal(agent.status().counters.runsSeen, 1);
    server.mode = 'ok';
    await until('both arrive', () => server.rows.size === 2);
  });
});
