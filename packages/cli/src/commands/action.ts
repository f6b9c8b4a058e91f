import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@sentinel/client';
import { ACTION_KINDS, type ActionDetail, type ActionKind, ActionOrder, type SignedAction } from '@sentinel/protocol';
import { Argument, type Command } from 'commander';
import { formatAction, formatActions, isSettled } from '../action/print-action.ts';
import { cosignAction, parseSignedAction, signAction } from '../action/sign-action.ts';
import { signingKey } from '../advisories/signing-key.ts';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';

/** Time between two looks at what came of an action. */
const LOOK_MS = 250;

interface SendOptions extends ServerOptions {
  readonly key: string;
  readonly organisation: string;
  readonly reason: string;
  readonly endpoint: string[];
  readonly group: string[];
  readonly run?: string;
  readonly sha256?: string;
  readonly mode?: string;
  readonly until?: string;
  readonly minutes: number;
  readonly out?: string;
  readonly wait?: string;
  readonly json?: true;
}

/** Adds `sentinel action`. */
export function registerAction(program: Command): void {
  const action = program
    .command('action')
    .summary('tell endpoints to do something of the closed list')
    .description(
      'Actions that an operator signs here and endpoints judge there: the server only carries them. There is no shell and no file fetch among them.',
    );
  registerSend(action);
  registerDeliver(action);
  withServerOptions(action.command('list'))
    .description('Lists actions, newest first.')
    .option('--limit <n>', 'most rows', '50')
    .option('--json', 'print one object as JSON')
    .addHelpText('after', '\nExamples:\n  sentinel action list\n\nExit codes: 0 listed, 1 the server refused.')
    .action((options: ServerOptions & { limit: string; json?: true }) =>
      attemptOnServer('action list', async () => {
        const page = await connectToServer(options).listActions({ query: { limit: Number(options.limit) } });
        process.stdout.write(
          options.json === true ? `${JSON.stringify(page)}\n` : formatActions(page.items, page.total),
        );
      }),
    );
  withServerOptions(action.command('show'))
    .description('Shows what came of one action, endpoint by endpoint.')
    .argument('<id>', 'id of the action')
    .option('--json', 'print one object as JSON')
    .addHelpText('after', '\nExamples:\n  sentinel action show 0192…\n\nExit codes: 0 shown, 1 there is none.')
    .action((actionId: string, options: ServerOptions & { json?: true }) =>
      attemptOnServer('action show', async () =>
        print(await connectToServer(options).getAction({ params: { actionId } }), options.json),
      ),
    );
}

function registerSend(action: Command): void {
  withServerOptions(action.command('send'))
    .description(
      'Signs an action with an operator key and sends it; with --out it is only written, for a second signature.',
    )
    .addArgument(new Argument('<kind>', 'what to do').choices(ACTION_KINDS))
    .requiredOption('--key <file>', 'signing key of the operator')
    .requiredOption('--organisation <name>', 'organisation that the endpoints were set up for')
    .requiredOption('--reason <text>', 'why; stays with the action')
    .option('--endpoint <id>', 'endpoint; may be repeated', repeated, [])
    .option('--group <name>', 'group of endpoints, * for all; may be repeated', repeated, [])
    .option('--run <id>', 'for stop-run: the run')
    .option('--sha256 <hash>', 'for collect-script: the version')
    .option('--mode <mode>', 'for set-mode: monitor or enforce')
    .option('--until <time>', 'for set-mode monitor: when it ends by itself')
    .option('--minutes <n>', 'time in which it may be done', Number, 60)
    .option('--out <file>', 'write the signed action instead of sending it')
    .option('--wait <seconds>', 'wait so long for what comes of it')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel action send stop-run --run 0192… --endpoint 0191… --reason "sends rows abroad" --key ada.key --organisation contoso --wait 10
  sentinel action send set-mode --mode monitor --group finance --reason "closing of the year" --key ada.key --organisation contoso
  sentinel action send rotate-key --group '*' --reason drill --key ada.key --organisation contoso --out drill.action

Exit codes: 0 sent (with --wait: done everywhere), 1 refused or not sent, 2 with --wait: not done everywhere.`,
    )
    .action((kind: ActionKind, options: SendOptions) =>
      attemptOnServer('action send', async () => {
        const signed = makeAction(kind, options);
        if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(signed)}\n`);
        else await deliver(connectToServer(options), signed, options);
      }),
    );
}

function registerDeliver(action: Command): void {
  withServerOptions(action.command('deliver'))
    .description('Sends an action that was written with --out, with one more signature where a key is given.')
    .argument('<file>', 'the action')
    .option('--key <file>', 'signing key of one more operator')
    .option('--out <file>', 'write it instead of sending it')
    .option('--wait <seconds>', 'wait so long for what comes of it')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  sentinel action deliver drill.action --key bob.key\n\nExit codes: as of send.',
    )
    .action((file: string, options: ServerOptions & { key?: string; out?: string; wait?: string; json?: true }) =>
      attemptOnServer('action deliver', async () => {
        const read = parseSignedAction(readFileSync(file, 'utf8'));
        const signed = options.key === undefined ? read : cosignAction(read, signingKey(options.key).key);
        if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(signed)}\n`);
        else await deliver(connectToServer(options), signed, options);
      }),
    );
}

function makeAction(kind: ActionKind, options: SendOptions): SignedAction {
  const { run: runId, sha256, mode, until, organisation, reason, minutes } = options;
  if (options.endpoint.length === 0 && options.group.length === 0)
    throw new Error('say where: --endpoint ID, or --group NAME');
  const parts = { runId, sha256, mode, until };
  const order = ActionOrder.safeParse({
    kind,
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  });
  if (!order.success) throw new Error(`${kind}: ${order.error.issues[0]?.message ?? 'it lacks something'}`);
  const target = { endpoints: options.endpoint, groups: options.group };
  return signAction(
    { organisation, order: order.data, target, reason, minutes },
    signingKey(options.key).key,
    Date.now(),
  );
}

async function deliver(
  client: Client,
  signed: SignedAction,
  { wait, json }: { wait?: string; json?: true },
): Promise<void> {
  let detail = await client.createAction({ body: signed });
  for (const end = Date.now() + Number(wait ?? 0) * 1000; !isSettled(detail) && Date.now() < end; ) {
    await delay(LOOK_MS);
    detail = await client.getAction({ params: { actionId: detail.id } });
  }
  print(detail, json);
  if (wait !== undefined && detail.endpoints.some(({ state }) => state !== 'done')) process.exitCode = 2;
}

function print(detail: ActionDetail, json: true | undefined): void {
  process.stdout.write(json === true ? `${JSON.stringify(detail)}\n` : formatAction(detail));
}

function repeated(text: string, all: string[]): string[] {
  return [...all, text];
}
