export {
  type Baseline,
  makeBaseline,
  type RunSummary,
  summariseRun,
} from './context/baseline.ts';
export { JudgeContext, type JudgeContextInput } from './context/judge-context.ts';
export { findSecretUses } from './context/secret-uses.ts';
export { type Judgement, judgeRun } from './judge-run.ts';
export type { Match, RunRule } from './rule.ts';
export { runRules } from './rules.generated.ts';
