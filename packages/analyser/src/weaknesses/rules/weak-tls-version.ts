import type { OwnRule } from '../weakness-rule.ts';

/** Constants of ssl and pyOpenSSL that ask for a broken protocol, or for any. */
const CONSTANT = /(?:^|\.)(?:PROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)|(?:SSLv2|SSLv23|SSLv3|TLSv1|TLSv1_1)_METHOD)$/;
const KEYWORDS = ['ssl_version', 'method'];
const CONTEXTS = /(?:^|\.)(?:SSLContext|SSL\.Context|wrap_socket)$/;

/** A broken version of TLS passed to a call. */
export const weakTlsVersion: OwnRule = {
  id: 'weak-tls-version',
  runs: 'always',
  hints: ['PROTOCOL_', '_METHOD'],
  misses: 'Versions that reach the call through a variable.',
  *find(facts) {
    for (const call of facts.calls) {
      const values = KEYWORDS.map((keyword) => call.keywords.get(keyword));
      if (CONTEXTS.test(call.name)) values.push(...call.positional);
      if (values.some((value) => value !== undefined && CONSTANT.test(facts.nameOf(value)))) {
        yield { ruleId: this.id, node: call.node };
      }
    }
  },
};
