import { defineRule } from '../rule.ts';

/** A script whose people have all left, and that nobody took over. */
export default defineRule({
  id: 'script-without-living-owner',
  title: 'Script without a living owner',
  severity: 'medium',
  confidence: 'high',
  techniques: [],
  controls: ['ISO27001:A.5.9', 'ISO27001:A.5.11', 'ISO27001:A.6.5', 'SOC2:CC6.2', 'NIST:PS-4'],
  misses:
    'Without a directory of people nothing is judged. A script that somebody else ran once is taken for known to them.',
  references: ['https://www.iso.org/standard/75652.html', 'https://csf.tools/reference/nist-sp-800-53/r5/ps/ps-4/'],
  find: ({ run, context: { script } }) => {
    if (script.isOwnerGone !== true) return [];
    const since = script.ownerLeftOn === undefined ? '' : ` on ${script.ownerLeftOn}`;
    const who = typeof script.owner === 'string' ? `its owner ${script.owner} left` : 'everybody who ever ran it left';
    return [
      {
        subject: 'gone',
        sentence: `Nobody answers for the script ${run.script.name} any more: ${who}${since}, and nobody took it over.`,
        evidence: [{ runId: run.id, note: 'its last run on that account' }],
      },
    ];
  },
});
