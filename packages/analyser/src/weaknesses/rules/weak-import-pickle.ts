import { namedImportRule } from '../named-import-rule.ts';

/** A module whose loading can run code. */
export const weakImportPickle = namedImportRule({ id: 'weak-import-pickle', hints: ['pickle', 'dill', 'shelve'] }, [
  'pickle',
  'cPickle',
  'dill',
  'shelve',
]);
