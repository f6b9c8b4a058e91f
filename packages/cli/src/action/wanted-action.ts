import { type ActionKind, ActionOrder, type ActionTarget, isStanding, MAX_STANDING_DAYS } from '@sentinel/protocol';
import type { Command } from 'commander';

const MINUTES_A_DAY = 24 * 60;
/** Time in which an action may be done, where nobody says otherwise. */
const USUAL_MINUTES = 60;

/** Options that say what is to be done, and where. */
export interface WantedOptions {
  readonly reason: string;
  readonly endpoint: string[];
  readonly group: string[];
  readonly run?: string;
  readonly sha256?: string;
  readonly endRuns?: true;
  readonly destination?: string;
  readonly state?: string;
  readonly order?: string;
  readonly mode?: string;
  readonly until?: string;
}

/** What is to be done, and where. */
export interface WantedAction {
  readonly order: ActionOrder;
  readonly target: ActionTarget;
  readonly reason: string;
}

/** Adds the options of {@link WantedOptions}. */
export function withWantedOptions(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; stays with the action')
    .option('--endpoint <id>', 'endpoint; may be repeated', repeated, [])
    .option('--group <name>', 'group of endpoints, * for all; may be repeated', repeated, [])
    .option('--run <id>', 'for stop-run: the run')
    .option('--sha256 <hash>', 'for collect-script, quarantine-script and decide-approval: the version')
    .option('--end-runs', 'for quarantine-script: runs of it that go on are ended')
    .option('--destination <host>', 'for isolate-destination: host with all below it, address or net')
    .option('--state <state>', 'for decide-approval: approved or revoked')
    .option('--order <id>', 'for lift: the order that is to hold no more')
    .option('--mode <mode>', 'for set-mode: monitor or enforce')
    .option('--until <time>', 'when it ends by itself, for what stands');
}

/** What the options say. @throws Error with a sentence where they say too little. */
export function wantedAction(kind: ActionKind, options: WantedOptions): WantedAction {
  const { run: runId, sha256, destination, state, order: actionId, mode, until, reason } = options;
  if (options.endpoint.length === 0 && options.group.length === 0)
    throw new Error('say where: --endpoint ID, or --group NAME');
  const endsRuns = kind === 'quarantine-script' ? options.endRuns === true : undefined;
  const parts = { runId, sha256, endsRuns, destination: destination?.toLowerCase(), state, actionId, mode, until };
  const order = ActionOrder.safeParse({
    kind,
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  });
  if (!order.success) {
    const [issue] = order.error.issues;
    throw new Error(`${kind}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'it lacks something'}`);
  }
  return { order: order.data, target: { endpoints: options.endpoint, groups: options.group }, reason };
}

/** Time in which an action may be done: what stands is for computers that come back after months, too. */
export function usualMinutes(kind: ActionKind): number {
  return isStanding(kind) || kind === 'lift' ? MAX_STANDING_DAYS * MINUTES_A_DAY : USUAL_MINUTES;
}

function repeated(text: string, all: string[]): string[] {
  return [...all, text];
}
