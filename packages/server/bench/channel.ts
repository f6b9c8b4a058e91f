/**
 * How soon a policy reaches agents that hold a channel open, and what so many open channels cost the server at rest.
 *
 *     node packages/server/bench/channel.ts                                   500 agents: time to reach
 *     node packages/server/bench/channel.ts --agents 10000 --idle-seconds 60  idle cost of 10,000
 *
 * The server is a process of its own; the agents are real connections with real signatures, their heartbeats included.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { agentWithKey, type EndpointKeyPair, makeEndpointKey, RequestSigner } from '@sentinel/client';
import { bundleMessage, readPolicy, verifyBundle } from '@sentinel/policy';
import { ChannelEvent, type PolicyBundle, type SignedPolicyBundle } from '@sentinel/protocol';
import { openControlStore } from '../src/store/control-store.ts';
import { fingerprintOf, KEY_LIFE_MS } from '../src/store/endpoint-key.ts';
import { makeFolder } from '../src/testing/make-folder.ts';
import { facts, postJson, withCookie } from '../src/testing/test-server.ts';
import { newUuidV7 } from '../src/uuid-v7.ts';

const BEAT_MS = 45_000;
const TICKS_PER_SECOND = 100;

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '500' },
    policies: { type: 'string', default: '25' },
    rounds: { type: 'string', default: '3' },
    'idle-seconds': { type: 'string', default: '10' },
  },
});
const agentCount = Number(values.agents);
const idleMs = Number(values['idle-seconds']) * 1000;

interface BenchAgent {
  readonly endpointId: string;
  readonly key: EndpointKeyPair;
  readonly bootId: string;
  /** Version that it has, checked. */
  version: number;
  /** Called when it has a new one. */
  onVersion: () => void;
}

const clients = new WeakMap<BenchAgent, ReturnType<typeof agentWithKey>>();
/** When word of a bundle came, in milliseconds after it was published; what the agents then do costs this one process. */
const told: number[] = [];
let published = 0;
const folder = makeFolder();
const data = join(folder, 'data');
mkdirSync(join(data, 'server'), { recursive: true });
const operator = generateKeyPairSync('ed25519');
const operatorKey = operator.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
let server: ChildProcess | undefined;
try {
  const agents = await enrolAll();
  server = fork(join(import.meta.dirname, '..', 'src', 'main.ts'), ['--data', data, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url, signInUrl } = await ready(server);
  const pid = server.pid ?? 0;
  const before = usage(pid);
  const opening = performance.now();
  const streams = await inParallel(agents, 64, (agent) => hold(url, agent));
  const openedMs = performance.now() - opening;
  const stopBeats = beatAll(url, agents);
  // The first heartbeats are part of arriving.
  await delay(Math.min(idleMs, 10_000));
  const atRest = usage(pid);
  await delay(idleMs);
  const afterRest = usage(pid);
  const person = withCookie(url, await signIn(url, signInUrl));
  const reached: number[] = [];
  for (let version = 1; version <= Number(values.rounds); version++) {
    const body = makeBundle(version);
    const started = performance.now();
    published = started;
    const times = agents.map(
      (agent) =>
        new Promise<number>((resolve) => {
          agent.onVersion = () => resolve(performance.now() - started);
        }),
    );
    await person.publishBundle({ body });
    reached.push(...(await Promise.all(times)));
  }
  reached.sort((left, right) => left - right);
  told.sort((left, right) => left - right);
  stopBeats();
  for (const stream of streams) stream.destroy();
  process.stdout.write(
    `${JSON.stringify({
      agents: agentCount,
      bundleKiB: Math.round(JSON.stringify(makeBundle(1)).length / 1024),
      openedPerSecond: Math.round((agentCount / openedMs) * 1000),
      idleCpuShare: Number(((afterRest.cpuSeconds - atRest.cpuSeconds) / (idleMs / 1000)).toFixed(4)),
      rssMiB: Math.round(afterRest.rssBytes / 2 ** 20),
      rssOfChannelsMiB: Math.round((afterRest.rssBytes - before.rssBytes) / 2 ** 20),
      toldP95Ms: Math.round(at(told, 0.95)),
      reachP50Ms: Math.round(at(reached, 0.5)),
      reachP95Ms: Math.round(at(reached, 0.95)),
      reachMaxMs: Math.round(reached.at(-1) ?? 0),
    })}\n`,
  );
} finally {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Endpoints straight into the store: enrolling from one address is limited by the minute. */
async function enrolAll(): Promise<BenchAgent[]> {
  const store = await openControlStore(join(data, 'server', 'control.sqlite'));
  const agents: BenchAgent[] = [];
  for (let number = 0; number < agentCount; number++)
    agents.push({
      endpointId: newUuidV7(),
      key: await makeEndpointKey(),
      bootId: randomUUID(),
      version: 0,
      onVersion: () => undefined,
    });
  await store.transaction().execute(async (transaction) => {
    for (const { endpointId, key } of agents)
      await transaction
        .insertInto('endpoint')
        .values({
          id: endpointId,
          key_hash: fingerprintOf(key.publicKey),
          public_key: key.publicKey,
          key_expires_at: Date.now() + KEY_LIFE_MS,
          facts: JSON.stringify(facts),
          endpoint_groups: '[]',
          boots: '[]',
          sequence_ceiling: 0,
          enrolled_at: Date.now(),
        })
        .execute();
  });
  await store.destroy();
  return agents;
}

/** Holds the channel of an agent open and does what it is told. */
async function hold(url: string, agent: BenchAgent): Promise<IncomingMessage> {
  const { endpointId, key, bootId } = agent;
  const signer = new RequestSigner({ endpointId, privateKey: key.privateKey, bootId });
  const path = `${url}/api/v1/channel`;
  const headers = await signer.headers({ method: 'GET', url: path, body: new Uint8Array() });
  const stream = await new Promise<IncomingMessage>((resolve, reject) => {
    get(path, { headers, agent: new Agent({ keepAlive: false }) }, resolve).on('error', reject);
  });
  if (stream.statusCode !== 200) throw new Error(`a channel was answered ${stream.statusCode}`);
  stream.setEncoding('utf8');
  let rest = '';
  stream.on('data', (chunk: string) => {
    if (chunk.includes('"kind":"policy"')) told.push(performance.now() - published);
    const events = (rest + chunk).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data: ')) hear(url, agent, event.slice(6));
  });
  stream.on('error', () => undefined);
  return stream;
}

function hear(url: string, agent: BenchAgent, text: string): void {
  const event = ChannelEvent.parse(JSON.parse(text));
  if (event.kind !== 'policy' || event.version <= agent.version) return;
  if (event.signed !== undefined) void check(agent, event.signed);
  else setTimeout(() => void fetchBundle(url, agent), Math.random() * event.spreadMs);
}

async function fetchBundle(url: string, agent: BenchAgent): Promise<void> {
  const { signed } = await clientOf(url, agent).getBundle({ query: { above: agent.version } });
  if (signed === undefined) throw new Error('there is no bundle');
  await check(agent, signed);
}

async function check(agent: BenchAgent, signed: SignedPolicyBundle): Promise<void> {
  const trust = { organisation: 'bench', keys: [operatorKey], threshold: 1, groups: [] };
  const { bundle } = await verifyBundle(JSON.stringify(signed), trust, Date.now());
  if (bundle === undefined) throw new Error('the bundle was refused');
  agent.version = bundle.version;
  agent.onVersion();
}

function clientOf(baseUrl: string, agent: BenchAgent) {
  const known = clients.get(agent) ?? agentWithKey({ baseUrl, ...agent });
  clients.set(agent, known);
  return known.client;
}

/** Heartbeats of all agents, evenly over their interval. */
function beatAll(url: string, agents: readonly BenchAgent[]): () => void {
  const counters = {
    runsSeen: 0,
    runsOpen: 0,
    recordsMalformed: 0,
    activitiesDropped: 0,
    batchesSpooled: 0,
    batchesShipped: 0,
    batchesQuarantined: 0,
    spoolBatches: 0,
    spoolBytes: 0,
  };
  let next = 0;
  const timer = setInterval(
    () => {
      const agent = agents[next++ % agents.length];
      if (agent === undefined) return;
      const body = { endpoint: facts, counters, sentAt: new Date().toISOString() };
      clientOf(url, agent)
        .sendHeartbeat({ body })
        .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    },
    Math.max(1, BEAT_MS / agents.length),
  );
  return () => clearInterval(timer);
}

function makeBundle(version: number): SignedPolicyBundle {
  const policies = Array.from({ length: Number(values.policies) }, (_, number) => {
    const { compiled } = readPolicy(
      `id: p${number}\nversion: ${version}\ntitle: P\nmode: enforce\nstatements:\n  - {id: s, activity: file.open, effect: warn, when: 'file.path == "/srv/${number}"', explain: no}\n`,
    );
    if (compiled === undefined) throw new Error('the policy does not compile');
    return compiled;
  });
  const bundle: PolicyBundle = {
    format: 1,
    organisation: 'bench',
    version,
    issuedAt: new Date().toISOString(),
    notAfter: new Date(Date.now() + 86_400_000).toISOString(),
    groups: ['*'],
    isObserveOnly: false,
    policies,
    waivers: [],
  };
  const payload = Buffer.from(JSON.stringify(bundle));
  const signature = sign(null, bundleMessage(payload), operator.privateKey).toString('base64');
  return { payload: payload.toString('base64'), signatures: [{ key: operatorKey, signature }] };
}

function ready(child: ChildProcess): Promise<{ url: string; signInUrl: string }> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const said = message as { kind?: string; url: string; signInUrl: string };
      if (said.kind === 'ready') resolve(said);
    });
    child.on('exit', () => reject(new Error('the server ended')));
  });
}

async function signIn(url: string, signInUrl: string): Promise<string> {
  const token = new URL(signInUrl).hash.replace('#token=', '');
  const response = await postJson(`${url}/api/v1/session/link`, { token });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** CPU time and memory of a process. Source: proc(5). */
function usage(pid: number): { cpuSeconds: number; rssBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const rssKiB = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, rssBytes: rssKiB * 1024 };
}

async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let index = next++; index < items.length; index = next++) results.push(await work(items[index] as T));
    }),
  );
  return results;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
