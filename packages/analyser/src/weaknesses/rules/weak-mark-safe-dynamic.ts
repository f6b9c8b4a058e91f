import { isConstantText } from '../constant-text.ts';
import { namedCallRule } from '../named-call-rule.ts';

/** Text that is not constant, declared safe HTML. Source: https://docs.djangoproject.com/en/stable/ref/utils/ */
export const weakMarkSafeDynamic = namedCallRule(
  {
    id: 'weak-mark-safe-dynamic',
    runs: 'always',
    hints: ['mark_safe', 'SafeText', 'SafeString', 'SafeUnicode', 'SafeBytes'],
    misses: 'Subclasses and wrappers.',
  },
  ['mark_safe', 'SafeText', 'SafeUnicode', 'SafeString', 'SafeBytes'].map((name) => `django.utils.safestring.${name}`),
  (call, facts) => {
    const text = call.positional[0];
    return text !== undefined && !isConstantText(facts, text);
  },
);
