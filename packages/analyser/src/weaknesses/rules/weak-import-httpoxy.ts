import { namedCallRule } from '../named-call-rule.ts';

/** A CGI handler that takes its proxy from the request. */
export const weakImportHttpoxy = namedCallRule(
  { id: 'weak-import-httpoxy', runs: 'always', hints: ['CGI'], misses: 'Handlers of other frameworks.' },
  ['twisted.web.twcgi.CGIScript', 'twisted.web.twcgi.CGIDirectory', 'wsgiref.handlers.CGIHandler'],
);
