import { createHash, randomUUID } from 'node:crypto';
import { type InventoryUpload, type OperationId, operations, type Role } from '@sentinel/protocol';
import { createApiToken } from '../store/api-token.ts';
import { createAccount } from '../store/person-account.ts';
import { startSession } from '../store/session.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { makeFoundInterpreter, makeFoundScript, makeInventory } from './make-inventory.ts';
import { ago, library, makeActivity, makeBatch, makeRun } from './rows.ts';
import { type TestServer, until } from './test-server.ts';

/** A fleet of three departments in which everything says whose it is. */
export interface ScopedFleet {
  readonly viewers: readonly Viewer[];
  /** Every id and word that a request may name, whosever it is. */
  readonly words: Readonly<
    Record<'runIds' | 'scriptIds' | 'endpointIds' | 'inventoryIds' | 'familyIds' | 'users' | 'texts', string[]>
  >;
}

/** Somebody who sees a part of the fleet. */
export interface Viewer {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Marks of what the viewer may see. */
  readonly marks: ReadonlySet<string>;
}

const DEPARTMENTS = ['finance', 'clinic', 'factory'] as const;
const USERS = ['ann', 'bob', 'cem'] as const;
const SHARED_SCRIPT = 'e'.repeat(32);

/** A mark as it stands in names and paths: department, machine and account, never by chance. */
export const MARK = /mk-[a-z]+-\d-[a-z]+|mk-[a-z]+-\d/g;

/** Enrols six machines and sends runs of three accounts on each; then makes people of every reach. */
export async function makeScopedFleet(server: TestServer): Promise<ScopedFleet> {
  const words: ScopedFleet['words'] = {
    runIds: [],
    scriptIds: [SHARED_SCRIPT],
    endpointIds: [],
    inventoryIds: [],
    familyIds: [],
    users: [...USERS],
    texts: ['mk-', '.csv', 'report', 'shared'],
  };
  const marks: string[] = [];
  const { client } = await server.signIn();
  for (const department of DEPARTMENTS) {
    for (const machine of [1, 2]) {
      const host = `mk-${department}-${machine}`;
      const agent = await server.enrol(host);
      await client.setEndpointDepartment({ params: { endpointId: agent.endpointId }, body: { department } });
      words.endpointIds.push(agent.endpointId);
      marks.push(host);
      const inventory = inventoryOf(host);
      await agent.client.uploadInventory({ body: inventory });
      words.inventoryIds.push(inventory.id);
      for (const user of USERS) {
        const mark = `${host}-${user}`;
        marks.push(mark);
        words.texts.push(mark);
        await sendRuns(agent, mark, user, words);
      }
    }
  }
  // Families come from the background; a request may name one that the viewer never ran.
  await until(async () => (await client.listFamilies()).total > USERS.length, 30_000);
  words.familyIds.push(...(await client.listFamilies({ query: { limit: 100 } })).items.map(({ id }) => id));
  return { viewers: await makeViewers(server, marks), words };
}

type Agent = Awaited<ReturnType<TestServer['enrol']>>;

async function sendRuns(agent: Agent, mark: string, user: string, words: ScopedFleet['words']): Promise<void> {
  const ownId = createHash('md5').update(mark).digest('hex');
  const own = { id: ownId, kind: 'file', name: `${mark}.py`, path: `/home/${user}/${mark}.py` } as const;
  const shared = { id: SHARED_SCRIPT, kind: 'file', name: 'shared.py', path: `/home/${mark}/shared.py` } as const;
  words.scriptIds.push(ownId);
  const runs = [own, shared].map((script, index) =>
    makeRun({
      id: newUuidV7(),
      script,
      user: { name: user },
      hostName: mark,
      workingDirectory: `/home/${mark}`,
      interpreter: { path: `/opt/${mark}/python3`, implementation: 'cpython', version: '3.11.2', basePrefix: '/usr' },
      startedAt: ago(60_000 + index * 1_000),
      endedAt: ago(1_000),
      durationMs: 59_000,
      status: 'ended',
      exitRoute: 'finished',
      exitCode: 0,
    }),
  );
  words.runIds.push(...runs.map(({ id }) => id));
  const activities = runs.flatMap((run) => [
    makeActivity(run.id, 1, {
      attributes: { 'file.path': `/data/${mark}.csv`, 'sentinel.file.operation': 'read' },
      firstSeen: ago(50_000),
      lastSeen: ago(2_000),
    }),
    makeActivity(run.id, 2, {
      type: 'net.connect',
      attributes: { 'server.address': `${mark}.example`, 'server.port': 443, 'network.transport': 'tcp' },
      bytesOut: 1_000,
      firstSeen: ago(50_000),
      lastSeen: ago(2_000),
    }),
    makeActivity(run.id, 3, {
      type: 'module.import',
      attributes: library(`lib-${mark}`),
      firstSeen: ago(50_000),
      lastSeen: ago(2_000),
    }),
    makeActivity(run.id, 4, {
      type: 'db.query',
      attributes: { 'db.namespace': `db-${mark}`, 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' },
      rows: 10,
      firstSeen: ago(50_000),
      lastSeen: ago(2_000),
    }),
  ]);
  await agent.client.sendBatch({ body: makeBatch({ runs, activities }) });
}

function inventoryOf(host: string): InventoryUpload {
  return makeInventory(host, {
    inventory: {
      interpreters: [makeFoundInterpreter(`/opt/${host}/python3`)],
      packages: [{ distribution: `dist-${host}`, version: '1.0', site: '/site' }],
      scripts: [makeFoundScript(`/home/${host}/found.py`)],
    },
  });
}

async function makeViewers(server: TestServer, marks: readonly string[]): Promise<Viewer[]> {
  const { control } = server.server.services;
  const make = async (
    name: string,
    given: { roles: Role[]; departments?: string[]; osUsers?: string[]; kind?: 'service' },
    may: (mark: string) => boolean,
  ): Promise<Viewer> => {
    const nowMs = Date.now();
    const { kind = 'person', ...rest } = given;
    const accountId = await createAccount(control, { userName: name, kind, source: 'local', nowMs, ...rest });
    const headers =
      kind === 'service'
        ? { authorization: `Bearer ${await tokenOf(accountId, nowMs)}` }
        : { cookie: `sentinel_session=${(await startSession(control, accountId, nowMs)).token}` };
    return { name, headers, marks: new Set(marks.filter(may)) };
  };
  const tokenOf = async (accountId: string, nowMs: number): Promise<string> => {
    const given = { accountId, name: 'scope', permissions: ['read'] as const, createdBy: 'test', lifeMs: 36e5, nowMs };
    return (await createApiToken(control, given)).token;
  };
  const of = (department: string) => (mark: string) => mark.startsWith(`mk-${department}-`);
  const by = (user: string) => (mark: string) => mark.endsWith(`-${user}`);
  return Promise.all([
    make('owner of finance', { roles: ['department-owner'], departments: ['finance'] }, of('finance')),
    make(
      'owner of two',
      { roles: ['department-owner'], departments: ['clinic', 'factory'] },
      (mark) => of('clinic')(mark) || of('factory')(mark),
    ),
    make('owner of none', { roles: ['department-owner'] }, () => false),
    make('user ann', { roles: ['user'], osUsers: ['ann'] }, by('ann')),
    make('user without account', { roles: ['user'] }, () => false),
    make(
      'bob, owner of clinic',
      { roles: ['user', 'department-owner'], osUsers: ['bob'], departments: ['clinic'] },
      (mark) => by('bob')(mark) || of('clinic')(mark),
    ),
    make('service of factory', { roles: ['service'], departments: ['factory'], kind: 'service' }, of('factory')),
  ]);
}

/** A host is seen with a run on it, or as a machine of one's department. */
export function maySee(viewer: Viewer, mark: string): boolean {
  if (viewer.marks.has(mark)) return true;
  // The bare mark of a machine: its name, which everybody knows who ran something there.
  return [...viewer.marks].some((own) => own.startsWith(`${mark}-`));
}

/** A random request of an operation, with ids and words of the whole fleet. */
export function randomPath(id: OperationId, words: ScopedFleet['words'], random: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const { path, method } = operations[id];
  if (method !== 'GET') throw new Error(`${id} is no GET`);
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (name === 'runId') return pick(words.runIds);
    if (name === 'scriptId') return encodeURIComponent(pick(words.scriptIds));
    if (name === 'inventoryId') return pick(words.inventoryIds);
    if (name === 'familyId') return pick(words.familyIds);
    if (name === 'distribution') return `${pick(['lib', 'dist'])}-${pick(words.texts)}`;
    if (name === 'subject') return encodeURIComponent(pick([...words.endpointIds, ...words.runIds, ...DEPARTMENTS]));
    if (name === 'kind') return pick(['machine', 'department', 'run', 'person', 'organisation', 'script']);
    if (name === 'category') return pick(['customer', 'personal', 'financial', 'health']);
    return randomUUID();
  });
  const query = new URLSearchParams();
  const maybe = (name: string, values: readonly string[]) => {
    if (random() < 0.3) query.set(name, pick(values));
  };
  const known = new Set(
    Object.keys(('query' in operations[id] && (operations[id].query as { shape?: object }).shape) || {}),
  );
  for (const [name, values] of Object.entries({
    q: words.texts,
    endpointId: words.endpointIds,
    scriptId: words.scriptIds,
    userName: words.users,
    target: words.texts,
    library: words.texts.map((text) => `lib-${text}`),
    limit: ['1', '5', '50'],
    sort: ['runs', 'name', 'lastRunAt'],
    offset: ['0', '1'],
    label: ['customer', 'personal'],
  }))
    if (known.has(name)) maybe(name, values);
  const text = query.toString();
  return `/api/v1${filled}${text === '' ? '' : `?${text}`}`;
}
