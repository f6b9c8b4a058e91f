import { defineRule } from '../rule.ts';
import { bytesOf } from '../run/sentence.ts';

/** Much processor time or memory in one run: a runaway loop, or mining. */
export default defineRule({
  id: 'resource-abuse',
  title: 'Heavy use of the computer',
  severity: 'low',
  confidence: 'medium',
  techniques: ['T1496', 'T1499'],
  controls: ['ISO27001:A.8.6'],
  misses: 'Work of programs that the script launched; graphics processors.',
  references: ['https://attack.mitre.org/techniques/T1496/'],
  find: ({ run, context: { limits } }) => {
    const cpuMs = (run.cpuUserMs ?? 0) + (run.cpuSystemMs ?? 0);
    const memory = run.peakMemoryBytes ?? 0;
    const time = cpuMs < 120_000 ? `${Math.round(cpuMs / 1000)} seconds` : `${Math.round(cpuMs / 60_000)} minutes`;
    const reasons = [
      ...(cpuMs >= limits.cpuMs ? [`${time} of processor time`] : []),
      ...(memory >= limits.memoryBytes ? [`${bytesOf(memory)} of memory`] : []),
    ];
    if (reasons.length === 0) return [];
    return [
      {
        subject: cpuMs >= limits.cpuMs ? 'processor' : 'memory',
        sentence: `The script took ${reasons.join(' and ')} in one run.`,
        evidence: [{ runId: run.id, note: reasons.join(' and ') }],
      },
    ];
  },
});
