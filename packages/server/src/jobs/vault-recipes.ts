import { makeRecipe } from '../vault/make-recipe.ts';
import type { Job } from './job.ts';

/** Versions whose recipe is written down in one round. */
const AT_ONCE = 50;
/** A recipe is made anew after this time, if its script ran meanwhile. */
const AGE_MS = 24 * 60 * 60 * 1000;

/** Writes down what was observed of the versions in the vault, before retention takes the activities. */
export const vaultRecipesJob: Job = {
  name: 'vault-recipes',
  everyMs: 10 * 60 * 1000,
  async run({ services: { control, events }, signal }) {
    const nowMs = Date.now();
    const due = await control
      .selectFrom('vault_version')
      .select(['sha256', 'script_id'])
      .where((row) => row.or([row('recipe_at', 'is', null), row('recipe_at', '<', nowMs - AGE_MS)]))
      .orderBy('recipe_at')
      .orderBy('sha256')
      .limit(AT_ONCE)
      .execute();
    for (const { sha256, script_id } of due) {
      if (signal.aborted) return;
      const recipe = await makeRecipe(control, events, script_id, nowMs);
      await control
        .updateTable('vault_version')
        // What is no longer known is kept as it was.
        .set({ recipe_at: nowMs, ...(recipe === undefined ? {} : { recipe: JSON.stringify(recipe) }) })
        .where('sha256', '=', sha256)
        .execute();
    }
  },
};
