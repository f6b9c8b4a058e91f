import { namedCallRule } from '../named-call-rule.ts';

/** A PyTorch file loaded in a way that can run code. */
export const weakTorchLoad = namedCallRule(
  {
    id: 'weak-torch-load',
    runs: 'always',
    hints: ['torch'],
    misses: 'Which release of PyTorch runs: from 2.6 on the safe way is the default.',
  },
  ['torch.load', 'torch.serialization.load'],
  (call, facts) => {
    if (call.hasHidden) return { confidence: 'low' };
    const safe = call.keywords.get('weights_only');
    return safe === undefined || facts.text(safe) !== 'True';
  },
);
