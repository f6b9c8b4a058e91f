import type { Services } from '../../services.ts';
import { findAccountById, rolesOf, textsOf } from '../../store/account.ts';
import type { ControlStore } from '../../store/control-store.ts';
import { changeAccount } from '../../store/person-account.ts';
import type { ScimGroupTable } from '../../store/scim-group.ts';
import type { Person } from '../../store/session.ts';
import { newUuidV7 } from '../../uuid-v7.ts';
import { rolesOfGroups } from '../group-roles.ts';
import { ScimError } from './scim-error.ts';
import { scimList } from './scim-list.ts';
import { patched } from './scim-patch.ts';
import { SCIM_PATH } from './scim-path.ts';
import { SCHEMA, ScimGroup, ScimPatch } from './scim-shapes.ts';

const MAX_COUNT = 200;

/** Groups of the company's directory; who is in one has the roles that the settings give it. */
export class ScimGroups {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  list(query: unknown): Promise<Record<string, unknown>> {
    return scimList(query, {
      attributes: ['displayName', 'externalId'],
      maxCount: MAX_COUNT,
      find: (wanted) => {
        let rows = this.#services.control.selectFrom('scim_group');
        if (wanted?.attribute === 'displayName') rows = rows.where('display_name', '=', wanted.value);
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
    const group = parseGroup(body);
    const { control, audit } = this.#services;
    const nowMs = Date.now();
    const id = newUuidV7();
    await this.#checkName(group.displayName, undefined);
    await control
      .insertInto('scim_group')
      .values({
        id,
        display_name: group.displayName,
        external_id: group.externalId ?? null,
        created_at: nowMs,
        updated_at: nowMs,
      })
      .execute();
    await this.#setMembers(id, memberIds(group), person);
    await audit.record(person, { action: 'group.create', object: { kind: 'group', id }, after: group });
    return this.get(id);
  }

  replace(id: string, body: unknown, person: Person): Promise<Record<string, unknown>> {
    return this.#change(id, parseGroup(body), person);
  }

  async patch(id: string, body: unknown, person: Person): Promise<Record<string, unknown>> {
    const patch = ScimPatch.safeParse(body);
    if (!patch.success) throw new ScimError(400, 'the body is no change', 'invalidValue');
    return this.#change(id, parseGroup(patched(await this.get(id), patch.data)), person);
  }

  async remove(id: string, person: Person): Promise<void> {
    const { control, audit } = this.#services;
    const before = await this.#read(id);
    const members = await membersOf(control, id);
    await control.deleteFrom('scim_group').where('id', '=', id).execute();
    await this.#giveRoles(members, person);
    await audit.record(person, {
      action: 'group.delete',
      object: { kind: 'group', id },
      before: { displayName: before.display_name, members },
    });
  }

  async #change(id: string, group: ScimGroup, person: Person): Promise<Record<string, unknown>> {
    const { control, audit } = this.#services;
    const before = await this.#read(id);
    const members = await membersOf(control, id);
    await this.#checkName(group.displayName, id);
    await control
      .updateTable('scim_group')
      .set({ display_name: group.displayName, external_id: group.externalId ?? null, updated_at: Date.now() })
      .where('id', '=', id)
      .execute();
    await this.#setMembers(id, memberIds(group), person);
    await audit.record(person, {
      action: 'group.change',
      object: { kind: 'group', id },
      before: { displayName: before.display_name, members },
      after: { displayName: group.displayName, members: memberIds(group) },
    });
    return this.get(id);
  }

  async #setMembers(groupId: string, wanted: readonly string[], person: Person): Promise<void> {
    const { control } = this.#services;
    const before = await membersOf(control, groupId);
    const known =
      wanted.length === 0
        ? []
        : await control
            .selectFrom('account')
            .select('id')
            .where('source', '=', 'scim')
            .where('id', 'in', [...new Set(wanted)])
            .execute();
    const after = known.map(({ id }) => id);
    if (after.length !== new Set(wanted).size) throw new ScimError(400, 'a member is no user here', 'invalidValue');
    await control.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('scim_group_member').where('group_id', '=', groupId).execute();
      for (const accountId of after)
        await transaction
          .insertInto('scim_group_member')
          .values({ group_id: groupId, account_id: accountId })
          .execute();
    });
    // A group that was renamed gives other roles to those who stay in it.
    await this.#giveRoles([...new Set([...before, ...after])], person);
  }

  async #giveRoles(accountIds: readonly string[], person: Person): Promise<void> {
    const { control, audit, signInSettings } = this.#services;
    for (const id of accountIds) {
      const row = await findAccountById(control, id);
      if (row === undefined) continue;
      const groups = await control
        .selectFrom('scim_group_member')
        .innerJoin('scim_group', 'scim_group.id', 'scim_group_member.group_id')
        .select('scim_group.display_name')
        .where('scim_group_member.account_id', '=', id)
        .orderBy('scim_group.display_name')
        .execute();
      const names = groups.map(({ display_name: name }) => name);
      const given = rolesOfGroups(signInSettings.groupRoles, names);
      const after = { roles: given.roles.length > 0 ? given.roles : ['user' as const], departments: given.departments };
      const before = { roles: rolesOf(row), departments: textsOf(row.departments) };
      if (before.roles.join() === after.roles.join() && before.departments.join() === after.departments.join())
        continue;
      await changeAccount(control, id, after, Date.now());
      await audit.record(person, {
        action: 'account.change',
        object: { kind: 'account', id },
        before,
        after,
        reason: 'Groups of the company’s directory.',
      });
    }
  }

  async #checkName(displayName: string, ownId: string | undefined): Promise<void> {
    const taken = await this.#services.control
      .selectFrom('scim_group')
      .select('id')
      .where('display_name', '=', displayName)
      .executeTakeFirst();
    if (taken !== undefined && taken.id !== ownId)
      throw new ScimError(409, 'There is a group with this name.', 'uniqueness');
  }

  async #read(id: string): Promise<ScimGroupTable> {
    const row = await this.#services.control
      .selectFrom('scim_group')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new ScimError(404, `There is no group ${id}.`);
    return row;
  }

  async #show(row: ScimGroupTable): Promise<Record<string, unknown>> {
    const members = await this.#services.control
      .selectFrom('scim_group_member')
      .innerJoin('account', 'account.id', 'scim_group_member.account_id')
      .select(['account.id', 'account.user_name'])
      .where('scim_group_member.group_id', '=', row.id)
      .orderBy('account.user_name')
      .execute();
    return {
      schemas: [SCHEMA.group],
      id: row.id,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      displayName: row.display_name,
      members: members.map(({ id, user_name: display }) => ({ value: id, display })),
      meta: {
        resourceType: 'Group',
        created: new Date(row.created_at).toISOString(),
        lastModified: new Date(row.updated_at).toISOString(),
        location: `${SCIM_PATH}/Groups/${row.id}`,
      },
    };
  }
}

async function membersOf(store: ControlStore, groupId: string): Promise<string[]> {
  const rows = await store
    .selectFrom('scim_group_member')
    .select('account_id')
    .where('group_id', '=', groupId)
    .orderBy('account_id')
    .execute();
  return rows.map(({ account_id: id }) => id);
}

function memberIds(group: ScimGroup): string[] {
  return (group.members ?? []).map(({ value }) => value);
}

function parseGroup(body: unknown): ScimGroup {
  const parsed = ScimGroup.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ScimError(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`, 'invalidValue');
}
