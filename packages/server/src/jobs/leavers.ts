import { Ownership } from '../leavers/ownership.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { accountOf } from '../store/schedule.ts';
import { vaultSetting } from '../store/vault-version.ts';
import type { Job } from './job.ts';

const MARK = 'leavers-judged-until';

/** When somebody leaves, or comes back, the last run of each of their scripts is judged anew: nobody has to run it first. */
export const leaversJob: Job = {
  name: 'leavers',
  everyMs: 5_000,
  async run({ services: { control }, signal }) {
    const until = Number(await vaultSetting(control, MARK, () => '0'));
    const changed = await control
      .selectFrom('person')
      .select(['user_name', 'display_name', 'accounts', 'updated_at'])
      .where('updated_at', '>', until)
      .orderBy('updated_at')
      .limit(500)
      .execute();
    const last = changed.at(-1);
    if (last === undefined || signal.aborted) return;
    const people = changed.map(({ user_name, display_name, accounts }) => ({
      userName: user_name,
      displayName: display_name,
      accounts: JSON.parse(accounts) as string[],
    }));
    const ownership = await Ownership.read(control);
    const accounts = new Set(people.flatMap((person) => person.accounts));
    const ran = await control.selectFrom('family_copy').select(['family_id', 'user_name']).distinct().execute();
    const families = new Set([
      ...ran.filter(({ user_name }) => accounts.has(accountOf(user_name))).map(({ family_id }) => family_id),
      ...people.flatMap((person) => [...ownership.scriptsOf(person).values()]),
    ]);
    const nowMs = Date.now();
    for (const familyId of families) {
      const newest = await control
        .selectFrom('judged_run')
        .select('run_id')
        .where('family_id', '=', familyId)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (newest !== undefined) await enqueueRuns(control, [newest.run_id], nowMs, true);
    }
    await control
      .updateTable('vault_setting')
      .set({ value: String(last.updated_at) })
      .where('name', '=', MARK)
      .execute();
  },
};
