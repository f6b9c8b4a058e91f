import { childOf } from '../../parse.ts';
import type { OwnRule } from '../weakness-rule.ts';

const METHODS = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'head',
  'options',
  'request',
  'stream',
  'Client',
  'AsyncClient',
  'Session',
]);

/** A request that does not check the certificate. */
export const weakTlsVerificationOff: OwnRule = {
  id: 'weak-tls-verification-off',
  runs: 'always',
  hints: ['verify'],
  misses: 'verify= passed through a dictionary of arguments.',
  *find(facts) {
    if (!facts.imports('requests') && !facts.imports('httpx')) return;
    for (const call of facts.calls) {
      const verify = call.keywords.get('verify');
      if (verify !== undefined && facts.text(verify) === 'False' && METHODS.has(call.method)) {
        yield { ruleId: this.id, node: call.node };
      }
    }
    for (const node of facts.nodes('assignment')) {
      const left = childOf(node, 'left');
      const right = childOf(node, 'right');
      if (left?.type !== 'attribute' || facts.text(right) !== 'False') continue;
      const attribute = childOf(left, 'attribute');
      if (facts.text(attribute) === 'verify') yield { ruleId: this.id, node };
    }
  },
};
