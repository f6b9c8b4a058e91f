import { availableParallelism } from 'node:os';
import type { Analysis, Risk } from '@sentinel/protocol';

/** Facts of a script besides its text, as the analyser's risk wants them. */
export interface ScriptFacts {
  readonly isScheduled?: boolean;
  readonly isPrivileged?: boolean;
  readonly isOwnerKnown?: boolean;
  readonly isInPersonalCloud?: boolean;
}

/** The analyser as the scan uses it. */
export interface AnalyserLink {
  /** @param localModules - Modules that lie beside the source: no distributions. */
  readonly analyse: (bytes: Uint8Array, path: string, localModules: ReadonlySet<string>) => Promise<Analysis>;
  readonly riskOf: (analysis: Analysis, facts: ScriptFacts) => Risk;
  /** Sources worth having in hand at once. */
  readonly width: number;
  readonly close: () => Promise<void>;
}

const MAX_WORKERS = 2;

/**
 * Starts the analyser's workers, or says why there are none. It is loaded only here: it brings two engines,
 * which an inventory alone does not need.
 */
export async function openAnalyser(
  workerCount = Math.min(MAX_WORKERS, availableParallelism()),
): Promise<AnalyserLink | { readonly reason: string }> {
  try {
    const { AnalysisPool, riskOf } = await import('@sentinel/analyser');
    const pool = new AnalysisPool({ workers: workerCount });
    return {
      analyse: (bytes, path, localModules) => pool.analyse(bytes, { path, localModules }),
      riskOf,
      width: workerCount,
      close: () => pool.close(),
    };
  } catch (error) {
    return { reason: `the analyser did not start: ${(error as Error).message.split('\n', 1)[0]}` };
  }
}
