import { namedImportRule } from '../named-import-rule.ts';

/** The Telnet module. */
export const weakImportTelnet = namedImportRule({ id: 'weak-import-telnet', hints: ['telnetlib'] }, ['telnetlib']);
