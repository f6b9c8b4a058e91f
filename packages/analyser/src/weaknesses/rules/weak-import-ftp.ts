import { namedImportRule } from '../named-import-rule.ts';

/** The FTP module. */
export const weakImportFtp = namedImportRule({ id: 'weak-import-ftp', hints: ['ftplib'] }, ['ftplib']);
