import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateScripts } from '../evaluate/scripts.ts';

test('reaches the targets on the labelled scripts', async (context) => {
  const figures = await evaluateScripts();
  if (figures === undefined) {
    context.skip('the labelled corpus (../shared/corpus beside the repository) is not here');
    return;
  }
  const { capabilities, externalNetwork, hosts, flows, keptWithErrors } = figures;
  const short = Object.entries({
    'capabilities, precision': [capabilities.precision, 0.98],
    'capabilities, recall': [capabilities.recall, 0.98],
    'external network': [externalNetwork.accuracy, 0.995],
    'hosts, precision': [hosts.precision, 0.97],
    'hosts, recall': [hosts.recall, 1],
    'flows, recall': [flows.recall, 0.8],
    ...Object.fromEntries(Object.entries(keptWithErrors).map(([kind, share]) => [`kept with ${kind}`, [share, 0.85]])),
  }).filter(([, [share, target]]) => (share ?? 0) < (target ?? 1));
  assert.deepEqual(short, []);
  assert.ok(figures.scripts > 100);
});
