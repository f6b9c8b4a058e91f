import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../../services.ts';
import { type AccountRow, rolesOf } from '../../store/account.ts';
import { savePersonFacts } from '../../store/person.ts';
import { changeAccount, createAccount } from '../../store/person-account.ts';
import type { Person } from '../../store/session.ts';
import { checkOwnerStays } from '../guarded-roles.ts';
import { ScimError } from './scim-error.ts';
import { scimList } from './scim-list.ts';
import { patched } from './scim-patch.ts';
import { SCIM_PATH } from './scim-path.ts';
import { SCHEMA, ScimPatch, ScimUser } from './scim-shapes.ts';

const MAX_COUNT = 500;

/** Accounts that the company's directory keeps. Others are not there for it, so that it can take none of them over. */
export class ScimUsers {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  list(query: unknown): Promise<Record<string, unknown>> {
    return scimList(query, {
      attributes: ['userName', 'externalId'],
      maxCount: MAX_COUNT,
      find: (wanted) => {
        let rows = this.#services.control.selectFrom('account').where('source', '=', 'scim');
        if (wanted?.attribute === 'userName')
          rows = rows.where(({ fn }) => fn('lower', ['user_name']), '=', wanted.value.toLowerCase());
        if (wanted?.attribute === 'externalId') rows = rows.where('external_id', '=', wanted.value);
        return {
          total: async () =>
            (await rows.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total,
          page: (offset, limit) => rows.selectAll().orderBy('id').offset(offset).limit(limit).execute(),
        };
      },
      show: (row) => this.#show(row),
    });
  }

  async get(id: string): Promise<Record<string, unknown>> {
    return this.#show(await this.#read(id));
  }

  async create(body: unknown, person: Person): Promise<Record<string, unknown>> {
    const user = parseUser(body);
    const { control, audit } = this.#services;
    const nowMs = Date.now();
    const id = await createAccount(control, {
      userName: user.userName,
      ...factsOf(user),
      isActive: user.active !== false,
      // No group gave it a role yet: it may sign in and sees nothing.
      roles: ['user'],
      kind: 'person',
      source: 'scim',
      nowMs,
    }).catch((error: unknown) => {
      if (error instanceof SentinelError && error.code === 'conflict')
        throw new ScimError(409, error.message, 'uniqueness');
      throw error;
    });
    await this.#tellDirectory(user, nowMs);
    await audit.record(person, { action: 'account.create', object: { kind: 'account', id }, after: user });
    return this.get(id);
  }

  replace(id: string, body: unknown, person: Person): Promise<Record<string, unknown>> {
    return this.#change(id, parseUser(body), person);
  }

  async patch(id: string, body: unknown, person: Person): Promise<Record<string, unknown>> {
    const patch = ScimPatch.safeParse(body);
    if (!patch.success) throw new ScimError(400, 'the body is no change', 'invalidValue');
    return this.#change(id, parseUser(patched(await this.get(id), patch.data)), person);
  }

  /** A deleted user stays as an account that is not active: what it did must keep its name. */
  async remove(id: string, person: Person): Promise<void> {
    const user = parseUser(await this.get(id));
    await this.#change(id, { ...user, active: false }, person);
  }

  async #change(id: string, user: ScimUser, person: Person): Promise<Record<string, unknown>> {
    const before = await this.#read(id);
    const { control, audit } = this.#services;
    const nowMs = Date.now();
    const isActive = user.active !== false;
    if (!isActive && before.is_active === 1 && rolesOf(before).includes('owner')) await checkOwnerStays(control, id);
    if (user.userName.toLowerCase() !== before.user_name.toLowerCase()) {
      const taken = await control
        .selectFrom('account')
        .select('id')
        .where(({ fn }) => fn('lower', ['user_name']), '=', user.userName.toLowerCase())
        .executeTakeFirst();
      if (taken !== undefined) throw new ScimError(409, 'There is an account with this name.', 'uniqueness');
    }
    await changeAccount(control, id, { ...factsOf(user), isActive }, nowMs);
    await control.updateTable('account').set({ user_name: user.userName }).where('id', '=', id).execute();
    await this.#tellDirectory(user, nowMs);
    await audit.record(person, {
      action: isActive ? 'account.change' : 'account.deactivate',
      object: { kind: 'account', id },
      before: { userName: before.user_name, isActive: before.is_active === 1 },
      after: user,
    });
    return this.get(id);
  }

  /** People of the directory are more than their accounts: what leaves is looked for there. */
  async #tellDirectory(user: ScimUser, nowMs: number): Promise<void> {
    const enterprise = user[SCHEMA.enterprise];
    const isActive = user.active !== false;
    await savePersonFacts(
      this.#services.control,
      {
        userName: user.userName,
        displayName: nameOf(user) ?? undefined,
        department: enterprise?.department ?? undefined,
        manager: enterprise?.manager?.displayName ?? undefined,
        status: isActive ? 'active' : 'left',
        ...(isActive ? {} : { leftAtMs: nowMs }),
      },
      'scim',
      nowMs,
    );
  }

  async #read(id: string): Promise<AccountRow> {
    const row = await this.#services.control
      .selectFrom('account')
      .selectAll()
      .where('id', '=', id)
      .where('source', '=', 'scim')
      .executeTakeFirst();
    if (row === undefined) throw new ScimError(404, `There is no user ${id}.`);
    return row;
  }

  async #show(row: AccountRow): Promise<Record<string, unknown>> {
    const groups = await this.#services.control
      .selectFrom('scim_group_member')
      .innerJoin('scim_group', 'scim_group.id', 'scim_group_member.group_id')
      .select(['scim_group.id', 'scim_group.display_name'])
      .where('scim_group_member.account_id', '=', row.id)
      .orderBy('scim_group.display_name')
      .execute();
    return {
      schemas: [SCHEMA.user],
      id: row.id,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      userName: row.user_name,
      ...(row.display_name === null ? {} : { displayName: row.display_name }),
      ...(row.email === null ? {} : { emails: [{ value: row.email, type: 'work', primary: true }] }),
      active: row.is_active === 1,
      groups: groups.map(({ id, display_name: display }) => ({ value: id, display })),
      meta: {
        resourceType: 'User',
        created: new Date(row.created_at).toISOString(),
        lastModified: new Date(row.updated_at ?? row.created_at).toISOString(),
        location: `${SCIM_PATH}/Users/${row.id}`,
      },
    };
  }
}

function parseUser(body: unknown): ScimUser {
  const parsed = ScimUser.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ScimError(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`, 'invalidValue');
}

function factsOf(user: ScimUser) {
  const email = user.emails?.find(({ primary }) => primary === true) ?? user.emails?.[0];
  return { displayName: nameOf(user), email: email?.value ?? null, externalId: user.externalId ?? null };
}

function nameOf({ displayName, name }: ScimUser): string | null {
  const parts = [name?.givenName, name?.familyName].filter(
    (part) => part !== undefined && part !== null && part !== '',
  );
  return displayName ?? name?.formatted ?? (parts.length > 0 ? parts.join(' ') : null);
}
