export {
  isInForce,
  nextOrderChangeMs,
  ORDER_POLICY_ID,
  orderPolicy,
  quarantineText,
} from './action/order-policy.ts';
export {
  type ActionRefusal,
  type ActionTrust,
  type ActionVerdict,
  actionMessage,
  verifyAction,
} from './action/verify-action.ts';
export { type BoundWaiver, bindWaiver, waivedPart } from './bind-waiver.ts';
export {
  approvalText,
  effectivePolicies,
  nextChangeMs,
  OBSERVE_ONLY_MAX_MS,
  type RolloutView,
} from './bundle/effective-policies.ts';
export { isInRing, ringPlace } from './bundle/ring-place.ts';
export {
  type BundleRefusal,
  type BundleTrust,
  type BundleVerdict,
  bundleMessage,
  MAX_BUNDLE_LENGTH,
  verifyBundle,
} from './bundle/verify-bundle.ts';
export { comparePolicies, type PolicyText } from './compare-policies.ts';
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
export { semanticDiff } from './semantic-diff.ts';
export { type ExportedStatement, exportSigma } from './sigma/export-sigma.ts';
export { type ImportedRule, importSigma } from './sigma/import-sigma.ts';
export { summariseAnalysis } from './summarise-analysis.ts';
export { summariseStatements } from './summarise-statements.ts';
export { type ExampleFault, tryExamples } from './try-examples.ts';
