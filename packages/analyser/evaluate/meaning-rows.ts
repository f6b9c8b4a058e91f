import { evaluateScripts } from './scripts.ts';
import type { Row } from './table.ts';

/** Capabilities, hosts and flows of the labelled scripts. */
export async function meaningRows(showError?: (line: string) => void): Promise<Row[]> {
  const figures = await evaluateScripts();
  if (figures === undefined) throw new Error('the labelled scripts are not here');
  const { capabilities, externalNetwork, hosts, flows, keptWithErrors } = figures;
  for (const line of figures.errors) showError?.(line);
  const set = 'flows';
  return [
    {
      set: 'capabilities',
      measure: 'precision',
      value: capabilities.precision,
      target: 0.98,
      note: `${figures.scripts} scripts`,
    },
    { set: 'capabilities', measure: 'recall', value: capabilities.recall, target: 0.98 },
    { set: 'capabilities', measure: 'scripts all right', value: capabilities.allRight, target: 0.92 },
    { set: 'external network', measure: 'right', value: externalNetwork.accuracy, target: 0.995 },
    { set: 'hosts', measure: 'precision', value: hosts.precision, target: 0.97 },
    { set: 'hosts', measure: 'recall', value: hosts.recall, target: 1 },
    { set, measure: 'recall', value: flows.recall, target: 0.8 },
    {
      set,
      measure: 'adjudicated precision',
      value: flows.precision,
      target: 0.9,
      note: `${flows.extraPairs} pairs beyond the labels: ${flows.extrasReal} read as real, ${flows.extrasUnread.length} not read`,
    },
    {
      set,
      measure: 'same, beyond the labels',
      value: flows.extrasReal / Math.max(1, flows.extraPairs),
      target: 0.9,
    },
    ...(['high', 'medium', 'low'] as const).map(
      (tier): Row => ({
        set,
        measure: `precision, ${tier} confidence`,
        value: flows.tiers[tier].pairs === 0 ? Number.NaN : flows.tiers[tier].real / flows.tiers[tier].pairs,
        note: `${flows.tiers[tier].real} of ${flows.tiers[tier].pairs}`,
      }),
    ),
    ...Object.entries(keptWithErrors).map(
      ([kind, value]): Row => ({ set: 'capabilities kept', measure: kind, value, target: 0.85 }),
    ),
  ];
}
