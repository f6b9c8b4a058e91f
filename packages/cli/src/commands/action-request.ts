import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@sentinel/client';
import { ACTION_KINDS, type ActionKind, type ActionRequest } from '@sentinel/protocol';
import { Argument, type Command } from 'commander';
import { deliverAction } from '../action/deliver-action.ts';
import { describeOrder, describeTarget } from '../action/describe-order.ts';
import { cosignAction, signAction } from '../action/sign-action.ts';
import { usualMinutes, type WantedOptions, wantedAction, withWantedOptions } from '../action/wanted-action.ts';
import { signingKey } from '../advisories/signing-key.ts';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';

/** Kinds that only make things stricter: the worst that a server which was broken into can do with them is too much. */
const TIGHTENING: readonly ActionKind[] = ['stop-run', 'quarantine-script', 'isolate-destination'];
/** Time between two looks for requests. */
const LOOK_MS = 500;

interface SignOptions extends ServerOptions {
  readonly key: string;
  readonly organisation: string;
  readonly all?: true;
  readonly yes?: true;
  readonly keep?: true;
  readonly watch?: true;
  readonly wait?: string;
  readonly json?: true;
}

/** Adds what asks for actions and what signs them to `sentinel action`. */
export function registerActionRequests(action: Command): void {
  registerAsk(action);
  registerWaiting(action);
  registerSign(action);
  withServerOptions(action.command('withdraw'))
    .description('Takes a request back, or refuses to sign it.')
    .argument('<id>', 'id of the request')
    .requiredOption('--reason <text>', 'why')
    .addHelpText(
      'after',
      '\nExamples:\n  sentinel action withdraw 0192… --reason "wrong script"\n\nExit codes: 0 taken back, 1 it waits no more.',
    )
    .action((requestId: string, options: ServerOptions & { reason: string }) =>
      attemptOnServer('action withdraw', async () => {
        const { reason } = options;
        await connectToServer(options).withdrawActionRequest({ params: { requestId }, body: { reason } });
      }),
    );
}

function registerAsk(action: Command): void {
  withWantedOptions(
    withServerOptions(action.command('ask'))
      .description('Asks for an action without a key: it waits for an operator, who signs it with `action sign`.')
      .addArgument(new Argument('<kind>', 'what to do').choices(ACTION_KINDS)),
  )
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel action ask isolate-destination --destination files.example.net --group '*' --reason "leak of 14 May"

Exit codes: 0 asked, 1 refused.`,
    )
    .action((kind: ActionKind, options: ServerOptions & WantedOptions & { json?: true }) =>
      attemptOnServer('action ask', async () => {
        const asked = await connectToServer(options).createActionRequest({ body: wantedAction(kind, options) });
        process.stdout.write(options.json === true ? `${JSON.stringify(asked)}\n` : describe(asked));
      }),
    );
}

function registerWaiting(action: Command): void {
  withServerOptions(action.command('waiting'))
    .description('Lists what waits for the signature of an operator.')
    .option('--json', 'print one object as JSON')
    .addHelpText('after', '\nExamples:\n  sentinel action waiting\n\nExit codes: 0 listed, 1 the server refused.')
    .action((options: ServerOptions & { json?: true }) =>
      attemptOnServer('action waiting', async () => {
        const found = await connectToServer(options).listActionRequests({ query: { state: 'waiting' } });
        const text = found.items.map(describe).join('') || 'Nothing waits.\n';
        process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : text);
      }),
    );
}

function registerSign(action: Command): void {
  withServerOptions(action.command('sign'))
    .description(
      'Shows what waits, and signs and sends what you say yes to. What is signed is what is shown, whatever the server does later.',
    )
    .argument('[ids...]', 'ids of requests; without them --all or --watch')
    .requiredOption('--key <file>', 'signing key of the operator')
    .requiredOption('--organisation <name>', 'organisation that the endpoints were set up for')
    .option('--all', 'everything that waits, one after the other')
    .option('--yes', 'do not ask; with --watch only for what makes things stricter')
    .option('--keep', 'leave it for the signature of another operator instead of sending it')
    .option('--watch', 'stay, and ask as requests come in')
    .option('--wait <seconds>', 'wait so long for what comes of it', '10')
    .option('--json', 'print one object a line')
    .addHelpText(
      'after',
      `
With --watch --yes, ${TIGHTENING.join(', ')} are signed as they are asked for: so a server
that was broken into could stop runs, scripts and destinations, but nothing could be lifted, approved or let through.

Examples:
  sentinel action sign 0192… --key ada.key --organisation contoso
  sentinel action sign --watch --key ada.key --organisation contoso

Exit codes: 0 sent and done everywhere, or nothing to do; 1 refused or not sent; 2 not done everywhere in time.`,
    )
    .action((ids: string[], options: SignOptions) =>
      attemptOnServer('action sign', async () => {
        if (ids.length === 0 && options.all !== true && options.watch !== true)
          throw new Error('say which: ids, --all or --watch');
        if (options.yes !== true && !process.stdin.isTTY) throw new Error('nobody can be asked here: say --yes');
        const client = connectToServer(options);
        const { items } = await client.listActionRequests({ query: { state: 'waiting' } });
        for (const id of ids) if (!items.some((one) => one.id === id)) throw new Error(`${id} does not wait`);
        if (options.watch === true) return watch(client, options);
        for (const request of items.filter(({ id }) => ids.length === 0 || ids.includes(id)).toReversed())
          if (options.yes === true || (await isWanted(request))) await signOne(client, request, options);
      }),
    );
}

async function watch(client: Client, options: SignOptions): Promise<void> {
  const seen = new Set<string>();
  process.stderr.write('Looks for requests; end it with Ctrl-C.\n');
  for (;;) {
    // A server that is gone for a while ends nothing.
    const found = await client.listActionRequests({ query: { state: 'waiting' } }).catch(() => undefined);
    for (const request of (found?.items ?? []).toReversed()) {
      if (seen.has(request.id)) continue;
      seen.add(request.id);
      const isAgreed = options.yes === true ? TIGHTENING.includes(request.order.kind) : await isWanted(request);
      if (isAgreed)
        await signOne(client, request, options).catch((error: unknown) =>
          process.stderr.write(`${request.id}: ${error instanceof Error ? error.message : String(error)}\n`),
        );
      else if (options.yes === true) process.stderr.write(`left for you to sign:\n${describe(request)}`);
    }
    await delay(LOOK_MS);
  }
}

async function signOne(client: Client, request: ActionRequest, options: SignOptions): Promise<void> {
  const { key } = signingKey(options.key);
  const { id, order, target, reason, signed: earlier } = request;
  const wanted = { id, organisation: options.organisation, order, target, reason, minutes: usualMinutes(order.kind) };
  const signed = earlier === undefined ? signAction(wanted, key, Date.now()) : cosignAction(checked(request), key);
  if (options.keep === true) await client.keepActionSignature({ params: { requestId: id }, body: signed });
  else await deliverAction(client, signed, options);
}

/** What others signed, if that is what is shown: a server could show one thing and have another one signed. */
function checked({ id, order, target, reason, signed }: ActionRequest) {
  if (signed === undefined) throw new Error('nobody has signed it');
  const { payload } = signed;
  const told = JSON.parse(Buffer.from(payload, 'base64').toString()) as Partial<ActionRequest>;
  const isSame = JSON.stringify([told.id, sorted(told.order), sorted(told.target), told.reason]);
  if (isSame !== JSON.stringify([id, sorted(order), sorted(target), reason]))
    throw new Error(`${id}: what was signed before is not what the server shows; do not sign it`);
  return signed;
}

function sorted(value: object | undefined): unknown {
  return Object.entries(value ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

async function isWanted(request: ActionRequest): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`${describe(request)}  Sign it? [y/N] `);
  asking.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

function describe({ id, order, target, reason, about, askedBy, askedAt, signed }: ActionRequest): string {
  const signers = signed === undefined ? '' : `, ${signed.signatures.length} signed`;
  return `${id}  ${describeOrder(order)}${about === undefined ? '' : ` (${about})`}\n  on ${describeTarget(target)}\n  ${askedBy}, ${askedAt.slice(0, 19).replace('T', ' ')}${signers}: ${reason}\n`;
}
