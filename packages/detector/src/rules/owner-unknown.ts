import { defineRule } from '../rule.ts';

/** A script for which nobody answers. */
export default defineRule({
  id: 'owner-unknown',
  title: 'Script without an owner',
  severity: 'low',
  confidence: 'high',
  techniques: [],
  controls: ['ISO27001:A.5.9', 'SOX:ITGC-CM'],
  misses: 'Without a record of owners nothing is judged. An owner who left is told by script-without-living-owner.',
  references: ['https://www.iso.org/standard/75652.html'],
  find: ({ run, context: { script } }) => {
    if (script.owner !== null || script.isOwnerGone === true) return [];
    return [
      {
        subject: 'none',
        sentence: `Nobody is known to own the script ${run.script.name}, which ran on the account of ${run.user.name}.`,
        evidence: [{ runId: run.id, note: 'the run' }],
      },
    ];
  },
});
