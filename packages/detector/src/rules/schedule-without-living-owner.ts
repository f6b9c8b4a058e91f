import { defineRule } from '../rule.ts';

/** Something that still starts the script of a person who left. */
export default defineRule({
  id: 'schedule-without-living-owner',
  title: 'Schedule of a script without a living owner',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1053'],
  controls: ['ISO27001:A.5.11', 'ISO27001:A.5.18', 'SOC2:CC6.3', 'NIST:PS-4'],
  misses:
    'Knows the schedules of the newest inventory of each computer; one that a launcher hides behind another name is missed.',
  references: ['https://attack.mitre.org/techniques/T1053/'],
  find: ({ run, context: { script } }) => {
    const schedules = script.activeSchedules ?? [];
    const [first] = schedules;
    if (script.isOwnerGone !== true || first === undefined) return [];
    const others = schedules.length === 1 ? '' : ` and ${schedules.length - 1} more`;
    return [
      {
        subject: schedules.map(({ hostName, source }) => `${hostName}:${source}`).join(' '),
        sentence: `The schedule "${first.when}" on ${first.hostName}${others} still starts the script ${run.script.name}, although nobody answers for it any more.`,
        evidence: [{ runId: run.id, note: `started by ${first.source}` }],
      },
    ];
  },
});
