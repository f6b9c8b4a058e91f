import { readFileSync, writeFileSync } from 'node:fs';
import { ACTION_KINDS, type ActionKind, type SignedAction } from '@sentinel/protocol';
import { Argument, type Command } from 'commander';
import { deliverAction, printAction } from '../action/deliver-action.ts';
import { formatActions } from '../action/print-action.ts';
import { cosignAction, parseSignedAction, signAction } from '../action/sign-action.ts';
import { usualMinutes, type WantedOptions, wantedAction, withWantedOptions } from '../action/wanted-action.ts';
import { signingKey } from '../advisories/signing-key.ts';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';
import { registerActionRequests } from './action-request.ts';

interface SendOptions extends ServerOptions, WantedOptions {
  readonly key: string;
  readonly organisation: string;
  readonly minutes?: number;
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
  registerActionRequests(action);
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
        printAction(await connectToServer(options).getAction({ params: { actionId } }), options.json),
      ),
    );
}

function registerSend(action: Command): void {
  withWantedOptions(
    withServerOptions(action.command('send'))
      .description(
        'Signs an action with an operator key and sends it; with --out it is only written, for a second signature.',
      )
      .addArgument(new Argument('<kind>', 'what to do').choices(ACTION_KINDS)),
  )
    .requiredOption('--key <file>', 'signing key of the operator')
    .requiredOption('--organisation <name>', 'organisation that the endpoints were set up for')
    .option('--minutes <n>', 'time in which it may be done; an hour, 400 days for what stands', Number)
    .option('--out <file>', 'write the signed action instead of sending it')
    .option('--wait <seconds>', 'wait so long for what comes of it')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel action send stop-run --run 0192… --endpoint 0191… --reason "sends rows abroad" --key ada.key --organisation contoso --wait 10
  sentinel action send set-mode --mode monitor --group finance --reason "closing of the year" --key ada.key --organisation contoso
  sentinel action send quarantine-script --sha256 4f2c… --end-runs --group '*' --reason "sends rows abroad" --key ada.key --organisation contoso
  sentinel action send lift --order 0192… --group '*' --reason "it was the stand-in" --key ada.key --organisation contoso
  sentinel action send rotate-key --group '*' --reason drill --key ada.key --organisation contoso --out drill.action

Exit codes: 0 sent (with --wait: done everywhere), 1 refused or not sent, 2 with --wait: not done everywhere.`,
    )
    .action((kind: ActionKind, options: SendOptions) =>
      attemptOnServer('action send', async () => {
        const signed = makeAction(kind, options);
        if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(signed)}\n`);
        else await deliverAction(connectToServer(options), signed, options);
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
        else await deliverAction(connectToServer(options), signed, options);
      }),
    );
}

function makeAction(kind: ActionKind, options: SendOptions): SignedAction {
  const { organisation, minutes = usualMinutes(kind) } = options;
  const wanted = wantedAction(kind, options);
  return signAction({ ...wanted, organisation, minutes }, signingKey(options.key).key, Date.now());
}
