import { LEAST_RUNS } from '../context/baseline.ts';
import { defineRule } from '../rule.ts';

/** A computer on which the script never ran before. */
export default defineRule({
  id: 'unusual-machine',
  title: 'Unusual machine',
  severity: 'low',
  confidence: 'medium',
  techniques: ['T1570'],
  controls: ['ISO27001:A.8.16'],
  misses: `Nothing is judged before ${LEAST_RUNS} earlier runs are known, nor for scripts that run on many machines.`,
  references: ['https://attack.mitre.org/techniques/T1570/'],
  find: ({ run, context: { baseline } }) => {
    if (baseline === undefined || baseline.runs < LEAST_RUNS || baseline.machines.length * 3 > baseline.runs) return [];
    if (baseline.machines.includes(run.hostName)) return [];
    return [
      {
        subject: run.hostName,
        sentence: `The script ran on ${run.hostName} for the first time; its ${baseline.runs} earlier runs were on ${baseline.machines.length === 1 ? (baseline.machines[0] ?? 'another machine') : `${baseline.machines.length} other machines`}.`,
        evidence: [{ runId: run.id, note: 'the run' }],
      },
    ];
  },
});
