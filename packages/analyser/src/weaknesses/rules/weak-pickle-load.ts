import { namedCallRule } from '../named-call-rule.ts';

/** Pickled data loaded, also by libraries that use pickle inside. */
export const weakPickleLoad = namedCallRule(
  {
    id: 'weak-pickle-load',
    runs: 'always',
    hints: ['pickle', 'dill', 'shelve', 'joblib'],
    misses: 'Libraries that pickle without saying so.',
  },
  [
    ...['pickle', 'cPickle', '_pickle', 'dill', 'cloudpickle'].flatMap((module) => [
      `${module}.load`,
      `${module}.loads`,
      `${module}.Unpickler`,
    ]),
    'shelve.open',
    'shelve.DbfilenameShelf',
    'jsonpickle.decode',
    'jsonpickle.unpickler.decode',
    'jsonpickle.unpickler.Unpickler',
    'pandas.read_pickle',
    'joblib.load',
  ],
);
