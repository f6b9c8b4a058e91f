import type { DirectoryPerson, KnownPerson } from '@sentinel/protocol';
import { sql } from 'kysely';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';
import { accountOf } from './schedule.ts';

/** Row of somebody of the company's directory. */
export interface PersonTable {
  id: string;
  user_name: string;
  display_name: string;
  department: string | null;
  manager: string | null;
  /** Names of accounts on computers as JSON, in small letters, without their domain. */
  accounts: string;
  status: 'active' | 'left';
  left_at: number | null;
  source: 'hand' | 'csv' | 'scim';
  updated_at: number;
}

/** What a source says of somebody; what it does not say stays. */
export interface PersonFacts {
  readonly userName: string;
  readonly displayName?: string | undefined;
  readonly department?: string | undefined;
  readonly manager?: string | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly status?: 'active' | 'left' | undefined;
  readonly leftAtMs?: number | undefined;
}

/** What became of a person's row. */
export interface SavedPerson {
  readonly person: DirectoryPerson;
  readonly before: DirectoryPerson | undefined;
  readonly hasChanged: boolean;
}

/** Adds somebody, or changes what is known of them. Names are compared without regard to case. */
export async function savePersonFacts(
  store: ControlStore,
  facts: PersonFacts,
  source: PersonTable['source'],
  nowMs: number,
): Promise<SavedPerson> {
  const before = await findPersonRow(store, facts.userName);
  const status = facts.status ?? before?.status ?? 'active';
  const row: PersonTable = {
    id: before?.id ?? newUuidV7(),
    user_name: before?.user_name ?? facts.userName,
    display_name: facts.displayName ?? before?.display_name ?? facts.userName,
    department: facts.department ?? before?.department ?? null,
    manager: facts.manager ?? before?.manager ?? null,
    accounts: JSON.stringify(accountsOf(facts, before)),
    status,
    left_at: status === 'active' ? null : (facts.leftAtMs ?? before?.left_at ?? nowMs),
    source,
    updated_at: nowMs,
  };
  const person = toPerson(row);
  const known = before === undefined ? undefined : toPerson(before);
  const hasChanged = known === undefined || !isSame(known, person);
  if (known !== undefined && !hasChanged) return { person: known, before: known, hasChanged };
  if (before === undefined) await store.insertInto('person').values(row).execute();
  else await store.updateTable('person').set(row).where('id', '=', row.id).execute();
  return { person, before: known, hasChanged };
}

/** Facts of what a company's document says of somebody. */
export function factsOf({ leftAt, ...rest }: KnownPerson): PersonFacts {
  return {
    ...rest,
    ...(leftAt === undefined ? {} : { leftAtMs: Date.parse(leftAt), status: rest.status ?? 'left' }),
  };
}

/** Somebody by id. */
export async function findDirectoryPerson(store: ControlStore, id: string): Promise<DirectoryPerson | undefined> {
  const row = await store.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toPerson(row);
}

/** People by name, or by the day they left. */
export async function listDirectory(
  store: ControlStore,
  query: { q?: string | undefined; status?: 'active' | 'left' | undefined; limit: number },
): Promise<{ items: DirectoryPerson[]; total: number }> {
  let people = store.selectFrom('person');
  if (query.status !== undefined) people = people.where('status', '=', query.status);
  if (query.q !== undefined && query.q !== '') {
    const text = `%${query.q.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
    people = people.where((row) =>
      row.or([
        sql<boolean>`lower(user_name) like ${text} escape '\\'`,
        sql<boolean>`lower(display_name) like ${text} escape '\\'`,
        sql<boolean>`accounts like ${text} escape '\\'`,
      ]),
    );
  }
  const { total } = await people.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const ordered = query.status === 'left' ? people.orderBy('left_at', 'desc') : people;
  const rows = await ordered.selectAll().orderBy('display_name').orderBy('id').limit(query.limit).execute();
  return { items: rows.map(toPerson), total: total };
}

/** The domain shape of a row. */
export function toPerson(row: PersonTable): DirectoryPerson {
  return {
    id: row.id,
    userName: row.user_name,
    displayName: row.display_name,
    ...(row.department === null ? {} : { department: row.department }),
    ...(row.manager === null ? {} : { manager: row.manager }),
    accounts: JSON.parse(row.accounts) as string[],
    status: row.status,
    ...(row.left_at === null ? {} : { leftAt: new Date(row.left_at).toISOString() }),
    source: row.source,
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

function findPersonRow(store: ControlStore, userName: string): Promise<PersonTable | undefined> {
  return store
    .selectFrom('person')
    .selectAll()
    .where(sql<boolean>`lower(user_name) = ${userName.toLowerCase()}`)
    .executeTakeFirst();
}

/** Accounts that were said, else those known, else what the name suggests. */
function accountsOf({ userName, accounts }: PersonFacts, before: PersonTable | undefined): string[] {
  if (accounts !== undefined && accounts.length > 0) return [...new Set(accounts.map(accountOf))].sort();
  if (before !== undefined) return JSON.parse(before.accounts) as string[];
  return [accountOf(userName)];
}

function isSame(a: DirectoryPerson, b: DirectoryPerson): boolean {
  const facts = ({ updatedAt: _at, source: _source, ...rest }: DirectoryPerson) => JSON.stringify(rest);
  return facts(a) === facts(b);
}
