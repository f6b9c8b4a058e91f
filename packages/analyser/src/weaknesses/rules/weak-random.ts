import { namedCallRule } from '../named-call-rule.ts';

/** Random numbers that can be foretold. Source: https://docs.python.org/3/library/random.html */
export const weakRandom = namedCallRule(
  { id: 'weak-random', runs: 'always', hints: ['random'], misses: 'Whether security hangs on the number.' },
  [
    'Random',
    'random',
    'randrange',
    'randint',
    'choice',
    'choices',
    'sample',
    'uniform',
    'triangular',
    'randbytes',
    'getrandbits',
  ].map((name) => `random.${name}`),
);
