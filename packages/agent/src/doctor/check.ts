import type { AgentFolders } from '@sentinel/capture';
import type { AgentStatus } from '@sentinel/protocol';

/** What came of a check. */
export interface Diagnosis {
  readonly level: 'well' | 'warning' | 'problem';
  /** One sentence. */
  readonly says: string;
  /** What to do. */
  readonly remedy?: string;
}

/** What checks look at. */
export interface Patient {
  readonly folders: AgentFolders;
  /** Process id of the agent; undefined where none runs. */
  readonly pid: number | undefined;
  /** What the agent last said of itself; undefined where nothing can be read. */
  readonly status: AgentStatus | undefined;
  readonly nowMs: number;
}

/** One thing that can be wrong with an agent and its surroundings. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** undefined where the check does not apply. */
  look(patient: Patient): Diagnosis | undefined;
}

export const well = (says: string): Diagnosis => ({ level: 'well', says });
export const warning = (says: string, remedy: string): Diagnosis => ({ level: 'warning', says, remedy });
export const problem = (says: string, remedy: string): Diagnosis => ({ level: 'problem', says, remedy });
