import { namedImportRule } from '../named-import-rule.ts';

/** The module that starts programs. */
export const weakImportSubprocess = namedImportRule({ id: 'weak-import-subprocess', hints: ['subprocess'] }, [
  'subprocess',
]);
