export { isPlaceholder } from './classify/file-facts.ts';
export { type ChangeOf, compareReports, type ScanComparison } from './compare.ts';
export { platformOf } from './platform/platform.ts';
export { type ScanOptions, type ScanOutcome, type ScanProgress, scan } from './scan.ts';
export { encodeState, readState, type ScanState } from './scan-state.ts';
export { CpuBrake } from './walk/cpu-brake.ts';
