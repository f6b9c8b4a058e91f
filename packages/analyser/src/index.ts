export { type AnalyseOptions, analyse, analyseLoaded, loadAnalyser } from './analyse.ts';
export { analysePython, type PythonMeaning, usesExternalNetwork } from './analyse-python.ts';
export { capabilityRules } from './capabilities/find-capabilities.ts';
export { type JudgeOptions, judgePackages } from './packages/judge-packages.ts';
export * from './packs/index.ts';
export { foldName, PiiFinder, type PiiSpan, shippedPii } from './pii/find-pii.ts';
export { readSample, type Sample, tableOf } from './pii/read-sample.ts';
export { AnalysisPool, type PoolOptions } from './pool.ts';
export * from './risk/index.ts';
