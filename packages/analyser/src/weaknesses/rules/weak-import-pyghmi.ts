import { namedImportRule } from '../named-import-rule.ts';

/** A library for IPMI. */
export const weakImportPyghmi = namedImportRule({ id: 'weak-import-pyghmi', hints: ['pyghmi'] }, ['pyghmi']);
