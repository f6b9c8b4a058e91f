import { namedImportRule } from '../named-import-rule.ts';

/** XML-RPC, under its names in Python 2 and 3. */
export const weakImportXmlrpc = namedImportRule({ id: 'weak-import-xmlrpc', hints: ['xmlrpc'] }, [
  'xmlrpc',
  'xmlrpclib',
]);
