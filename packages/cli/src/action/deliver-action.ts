import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@sentinel/client';
import type { ActionDetail, SignedAction } from '@sentinel/protocol';
import { formatAction, isSettled } from './print-action.ts';

/** Time between two looks at what came of an action. */
const LOOK_MS = 250;

/** Sends an action, waits for what comes of it, and prints that; the exit code is 2 where it was waited for and not done everywhere. */
export async function deliverAction(
  client: Client,
  signed: SignedAction,
  { wait, json }: { readonly wait?: string; readonly json?: true },
): Promise<void> {
  let detail = await client.createAction({ body: signed });
  for (const end = Date.now() + Number(wait ?? 0) * 1000; !isSettled(detail) && Date.now() < end; ) {
    await delay(LOOK_MS);
    detail = await client.getAction({ params: { actionId: detail.id } });
  }
  printAction(detail, json);
  if (wait !== undefined && detail.endpoints.some(({ state }) => state !== 'done')) process.exitCode = 2;
}

/** Prints one action. */
export function printAction(detail: ActionDetail, json: true | undefined): void {
  process.stdout.write(json === true ? `${JSON.stringify(detail)}\n` : formatAction(detail));
}
