export { effectivePolicies } from './bundle/effective-policies.ts';
export {
  type BundleRefusal,
  type BundleTrust,
  type BundleVerdict,
  bundleMessage,
  MAX_BUNDLE_LENGTH,
  verifyBundle,
} from './bundle/verify-bundle.ts';
export { type Compiled, compilePolicy, type PolicyFault } from './compile-policy.ts';
export { ENDPOINT_TEXT_VERSION, endpointText } from './endpoint-text.ts';
export {
  type Evaluator,
  type Facts,
  type FactValue,
  isStricter,
  type Match,
  makeEvaluator,
  type Verdict,
} from './evaluate.ts';
export { type Fact, type FactType, factNames, factOf, RUN_METRICS, runFacts } from './facts.ts';
export { type LintRemark, lintPolicy } from './lint-policy.ts';
export { type ColumnOf, conditionSql, type FactColumn, matchesSql } from './policy-sql.ts';
export { type PlacedFault, type PolicyRead, readPolicy } from './read-policy.ts';
export { type ExampleFault, tryExamples } from './try-examples.ts';
