export {
  type Baseline,
  makeBaseline,
  type RunSummary,
  summariseRun,
} from './context/baseline.ts';
export { categoriesOf, labelWords } from './context/data-categories.ts';
export { matchesGlob } from './context/glob.ts';
export { JudgeContext, type JudgeContextInput, Limits } from './context/judge-context.ts';
export { findSecretUses } from './context/secret-uses.ts';
export { ENDPOINT_TAMPERING, judgeEndpoint, type ToldSignal } from './endpoint/judge-endpoint.ts';
export { type Judgement, judgeRun } from './judge-run.ts';
export type { Match, RunRule } from './rule.ts';
export { runRules } from './rules.generated.ts';
export type { DataTouch } from './run/touched-data.ts';
