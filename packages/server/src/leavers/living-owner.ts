import type { JudgeContext } from '@sentinel/detector';
import type { Run } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import { accountOf, listSchedulesOf } from '../store/schedule.ts';

type OwnerFacts = Pick<JudgeContext['script'], 'isOwnerGone' | 'ownerLeftOn' | 'activeSchedules'>;

/** Who of the directory has left, for telling whether anybody still answers for a script. */
export class LeftPeople {
  /** When they left, by user name and account, in small letters. */
  readonly #left: ReadonlyMap<string, number>;

  private constructor(left: ReadonlyMap<string, number>) {
    this.#left = left;
  }

  /** Reads who left until now. */
  static async read(store: ControlStore): Promise<LeftPeople> {
    const rows = await store
      .selectFrom('person')
      .select(['user_name', 'accounts', 'left_at'])
      .where('status', '=', 'left')
      .execute();
    return new LeftPeople(
      new Map(
        rows.flatMap(({ user_name, accounts, left_at }) =>
          [user_name.toLowerCase(), ...(JSON.parse(accounts) as string[])].map((name) => [name, left_at ?? 0]),
        ),
      ),
    );
  }

  /**
   * Whether the owner left, or, where nobody is known to own it, everybody who ever ran it; and what still starts it.
   * A script that somebody forbade or retired needs no owner any more.
   */
  async factsOf(
    store: ControlStore,
    familyId: string,
    script: Pick<JudgeContext['script'], 'owner' | 'sanction'>,
    run: Run,
  ): Promise<OwnerFacts> {
    if (this.#left.size === 0 || script.sanction === 'retired' || script.sanction === 'unsanctioned') return {};
    const people =
      typeof script.owner === 'string' ? [script.owner.toLowerCase()] : await runnersOf(store, familyId, run);
    const left = people.map((name) => this.#left.get(name) ?? this.#left.get(accountOf(name)));
    if (left.length === 0 || left.includes(undefined)) return {};
    const leftAt = Math.max(...left.map((at) => at ?? 0));
    const schedules = run.script.path === undefined ? [] : await listSchedulesOf(store, { paths: [run.script.path] });
    return {
      isOwnerGone: true,
      ...(leftAt === 0 ? {} : { ownerLeftOn: new Date(leftAt).toISOString().slice(0, 10) }),
      activeSchedules: schedules.map(({ hostName, when, source }) => ({ hostName, when, source })),
    };
  }
}

async function runnersOf(store: ControlStore, familyId: string, run: Run): Promise<string[]> {
  const rows = await store
    .selectFrom('family_copy')
    .select('user_name')
    .distinct()
    .where('family_id', '=', familyId)
    .execute();
  return [...new Set([run.user.name, ...rows.map(({ user_name }) => user_name)].map(accountOf))];
}
