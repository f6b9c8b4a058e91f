import type { ControlStore } from '../store/control-store.ts';
import { listApprovalStates } from '../store/script-approval.ts';
import type { KnownFacts } from './fact-columns.ts';

/** What the control store knows of scripts now, for playing policies over history. */
export async function knownFacts(store: ControlStore, nowMs: number): Promise<KnownFacts> {
  const states = await listApprovalStates(store, nowMs);
  return { approvals: new Map(states.map(({ sha256, state }) => [sha256, state])) };
}
