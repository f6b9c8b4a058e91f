import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentProcess, until } from './agent-process.ts';
import { ProbeWriter } from './probe-writer.ts';
import { ReceivingServer, type ServerMode } from './receiving-server.ts';
import { seededRandom } from './seeded-random.ts';

/** With lost acknowledgements, so that batches come again that are stored. */
const MODES: readonly ServerMode[] = ['ok', 'ack-lost', 'unavailable', 'ok', 'down', 'ok'];
const HOURS = [0, 24, -24, 48, 0, -48];
const WITHIN_MS = 120_000;
const OPEN_RUNS = 4;
const CLOCK = new URL('shifted-clock.ts', import.meta.url).href;

/** What {@link testAgentCrashes} does. */
export interface CrashPlan {
  readonly kills: number;
  readonly seed: number;
  /** Whether the clock is set by a day or two again and again; needs root. */
  readonly hasClockSteps?: boolean;
}

/** Kills a real agent at random moments while probes write and the server fails: what is stored is what was written, once. */
export async function testAgentCrashes(
  t: TestContext,
  { kills, seed, hasClockSteps = false }: CrashPlan,
): Promise<void> {
  const random = seededRandom(seed);
  const data = mkdtempSync(join(tmpdir(), 'sentinel-crash-'));
  const inbox = join(data, 'agent', 'inbox');
  mkdirSync(inbox, { recursive: true });
  const server = await ReceivingServer.start();
  const clock = hasClockSteps ? new TestClock(data) : undefined;
  const start = () => new AgentProcess(data, ['--server', server.url, '--token', 'good'], clock?.options);
  const load = new Load(inbox, random);
  let agent = start();
  try {
    await agent.ready();
    load.start();
    for (let kill = 0; kill < kills; kill++) {
      server.mode = MODES[kill % MODES.length] ?? 'ok';
      // Every fourth is killed while it still starts.
      if (kill % 4 !== 3) {
        const current = agent;
        await until('the agent works', () => current.log.includes('agent started'), WITHIN_MS);
        if (random() < 0.5) clock?.set(HOURS[kill % HOURS.length] ?? 0);
      }
      await delay(random() * 1000);
      await agent.end('SIGKILL');
      clock?.set(HOURS[Math.floor(random() * HOURS.length)] ?? 0);
      agent = start();
    }
    server.mode = 'ok';
    await load.end();
    await agent.ready();
    const names = (folder: string) => readdirSync(join(data, 'agent', folder));
    await until('every file is durable and deleted', () => names('inbox').length === 0, WITHIN_MS);
    await until('the spool drains', () => names('spool').every((name) => name === 'spool.json'), WITHIN_MS);

    const { written } = load;
    assert.deepEqual(server.problems, []);
    assert.equal(server.enrolments, 1);
    assert.deepEqual([...server.rows.keys()].sort(), [...written.keys()].sort());
    for (const activity of server.activities)
      assert.equal(activity.count, written.get(`${activity.runId}/${activity.id}`));
    assert.deepEqual(
      new Set(server.runs.map(({ status, exitRoute }) => `${status} ${exitRoute}`)),
      new Set(['ended finished']),
    );
    assert.deepEqual(names('quarantine'), []);
    assert.ok(written.size > kills * 10, `${written.size} rows were written`);
    t.diagnostic(
      `seed ${seed}: ${kills} kills, ${written.size} rows written and stored, ${server.batches.size} batches, ${server.duplicates} replayed, 0 lost`,
    );
  } finally {
    await load.end();
    await agent.end('SIGKILL');
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Runs with a process each, which write all the time. */
class Load {
  /** Last count written of each activity, and each run. */
  readonly written = new Map<string, number>();
  readonly #inbox: string;
  readonly #random: () => number;
  readonly #open: { readonly run: ProbeWriter; readonly holder: ChildProcess }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(inbox: string, random: () => number) {
    this.#inbox = inbox;
    this.#random = random;
  }

  start(): void {
    this.#timer = setInterval(() => this.#write(), 5);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    for (const one of this.#open.splice(0)) this.#finish(one);
    await delay(0);
  }

  #write(): void {
    if (this.#open.length < OPEN_RUNS) {
      const holder = spawn('sleep', ['3600'], { stdio: 'ignore' });
      const run = new ProbeWriter(this.#inbox, { 'process.pid': holder.pid ?? 0 });
      this.#open.push({ run, holder });
      this.written.set(run.runId, 0);
    }
    for (const { run } of this.#open) {
      const id = run.activity();
      this.written.set(`${run.runId}/${id}`, 1);
      const changed = 1 + Math.floor(this.#random() * id);
      const count = (this.written.get(`${run.runId}/${changed}`) ?? 0) + 3;
      run.change(changed, count);
      this.written.set(`${run.runId}/${changed}`, count);
    }
    const oldest = this.#random() < 0.05 ? this.#open.shift() : undefined;
    if (oldest !== undefined) this.#finish(oldest);
  }

  #finish({ run, holder }: { readonly run: ProbeWriter; readonly holder: ChildProcess }): void {
    run.end();
    holder.kill('SIGKILL');
  }
}

/** A clock that the agent alone sees, set at any time: that of the wall, and with it the time of the boot. */
class TestClock {
  readonly #hours: string;
  readonly #stat: string;
  readonly #original = readFileSync('/proc/stat', 'utf8');

  constructor(folder: string) {
    this.#hours = join(folder, 'clock-hours');
    this.#stat = join(folder, 'proc-stat');
    this.set(0);
  }

  get options(): { readonly env: NodeJS.ProcessEnv; readonly prepare: string } {
    return {
      env: { ...process.env, SENTINEL_TEST_CLOCK: this.#hours, NODE_OPTIONS: `--import=${CLOCK}` },
      prepare: `mount --bind '${this.#stat}' /proc/stat`,
    };
  }

  set(hours: number): void {
    writeFileSync(this.#hours, String(hours));
    writeFileSync(
      this.#stat,
      this.#original.replace(/^btime (\d+)$/m, (_, boot) => `btime ${Number(boot) + hours * 3600}`),
    );
  }
}
