import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { summariseAnalysis } from '@sentinel/policy';
import type { ScriptApproval, ScriptApprovalDetail, ScriptSummary } from '@sentinel/protocol';
import type { Command } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';

interface RequestOptions extends ServerOptions {
  readonly reason: string;
  readonly ticket?: string;
  readonly label: string[];
  readonly destination: string[];
  readonly schedule?: string;
  readonly conditions?: string;
  readonly json?: true;
}

interface DecideOptions extends ServerOptions {
  readonly approve?: true;
  readonly refuse?: true;
  readonly reason: string;
  readonly days: number;
  readonly json?: true;
}

const several = (value: string, all: string[]) => [...all, value];

/** Adds `sentinel approval`. */
export function registerApproval(program: Command): void {
  const approval = program
    .command('approval')
    .summary('ask for the approval of a script, and decide')
    .description('Approvals of exact versions of scripts: who asked, who decided, what they may use, until when.');
  withServerOptions(approval.command('list'))
    .description('Lists requests and decisions, newest first.')
    .option('--mine', 'only those that wait for me')
    .option('--state <state>', 'pending, approved, refused, revoked, expired or withdrawn')
    .option('--find <text>', 'part of name, path, SHA-256 or requester')
    .option('--json', 'print one object as JSON')
    .addHelpText('after', '\nExamples:\n  sentinel approval list --mine\n\nExit codes: 0 listed, 1 the server refused.')
    .action((options: ServerOptions & { mine?: true; state?: ScriptApproval['state']; find?: string; json?: true }) =>
      attemptOnServer('approval list', async () => {
        const page = await connectToServer(options).listApprovals({
          query: {
            limit: 200,
            ...(options.mine === true ? { waitsForMe: 'yes' as const } : {}),
            ...(options.state === undefined ? {} : { state: options.state }),
            ...(options.find === undefined ? {} : { q: options.find }),
          },
        });
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify(page)}\n`
            : `${page.items.map(line).join('')}${page.items.length} of ${page.total}\n`,
        );
      }),
    );
  withServerOptions(approval.command('show'))
    .description('Shows one request with its evidence and what differs from the version approved last.')
    .argument('<id>', 'id of the request')
    .option('--json', 'print one object as JSON')
    .addHelpText('after', '\nExamples:\n  sentinel approval show 0190...\n\nExit codes: 0 shown, 1 there is none.')
    .action((approvalId: string, options: ServerOptions & { json?: true }) =>
      attemptOnServer('approval show', async () => {
        const found = await connectToServer(options).getApproval({ params: { approvalId } });
        process.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : detail(found));
      }),
    );
  registerRequest(approval);
  withServerOptions(approval.command('decide'))
    .description('Approves or refuses; never by who asked or wrote it.')
    .argument('<id>', 'id of the request')
    .option('--approve', 'approve it')
    .option('--refuse', 'refuse it')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--days <n>', 'how long it holds', Number, 180)
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel approval decide 0190... --approve --reason "read the source with Ann"

Exit codes: 0 decided, 1 the server refused.`,
    )
    .action((approvalId: string, options: DecideOptions) =>
      attemptOnServer('approval decide', async () => {
        if ((options.approve === true) === (options.refuse === true)) throw new Error('say --approve or --refuse');
        const decided = await connectToServer(options).decideApproval({
          params: { approvalId },
          body: { isApproved: options.approve === true, reason: options.reason, days: options.days },
        });
        process.stdout.write(options.json === true ? `${JSON.stringify(decided)}\n` : line(decided));
      }),
    );
}

function registerRequest(approval: Command): void {
  withServerOptions(approval.command('request'))
    .description('Asks for the approval of a script as it is now; analysis of it is sent along, its text is not.')
    .argument('<file>', 'the script')
    .requiredOption('--reason <text>', 'what it is for')
    .option('--ticket <id>', 'number of the change')
    .option('--label <label>', 'data that it uses; may be repeated', several, [])
    .option('--destination <host>', 'host or folder that it sends to; may be repeated', several, [])
    .option('--schedule <text>', 'when it runs, in words')
    .option('--conditions <text>', 'what its owner keeps to')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel approval request report.py --reason "daily report" --label financial --destination mail.contoso.com

Exit codes: 0 asked, or approved since only constants changed; 1 the server refused or the file cannot be read.`,
    )
    .action((file: string, options: RequestOptions) =>
      attemptOnServer('approval request', async () => {
        const bytes = readFileSync(file);
        const { schedule, conditions, ticket } = options;
        const asked = await connectToServer(options).requestApproval({
          body: {
            sha256: createHash('sha256').update(bytes).digest('hex'),
            scriptName: basename(file),
            scriptPath: resolve(file),
            reason: options.reason,
            ...(ticket === undefined ? {} : { ticket }),
            terms: {
              labels: options.label,
              destinations: options.destination,
              ...(schedule === undefined ? {} : { schedule }),
              ...(conditions === undefined ? {} : { conditions }),
            },
            summary: await summaryOf(file, bytes),
          },
        });
        process.stdout.write(options.json === true ? `${JSON.stringify(asked)}\n` : line(asked));
      }),
    );
}

async function summaryOf(file: string, bytes: Uint8Array): Promise<ScriptSummary> {
  const { analyse, familyHash, namedPlaces } = await import('@sentinel/analyser');
  const text = new TextDecoder().decode(bytes);
  const analysis = { ...(await analyse(bytes, { path: file })), places: await namedPlaces(text) };
  return summariseAnalysis(analysis, await familyHash(text));
}

function line({
  id,
  state,
  scriptName,
  sha256,
  requestedBy,
  decidedBy,
  expiresAt,
  waitsForMe,
}: ScriptApproval): string {
  const decided = decidedBy === undefined ? '' : `, ${state} by ${decidedBy}`;
  const until = state === 'approved' && expiresAt !== undefined ? ` until ${expiresAt.slice(0, 10)}` : '';
  return `${id}  ${state}${waitsForMe ? ' (waits for you)' : ''}  ${scriptName} ${sha256.slice(0, 12)}  asked by ${requestedBy}${decided}${until}\n`;
}

function detail(found: ScriptApprovalDetail): string {
  const { evidence, diff, terms, whyNotMe } = found;
  const lines = [
    line(found).trimEnd(),
    `  reason        ${found.reason}`,
    `  may use       ${terms.labels.join(', ') || 'no data in particular'}; sends to ${terms.destinations.join(', ') || 'nowhere'}`,
    `  seen          ${evidence.runs} runs on ${evidence.machines.length} machines by ${evidence.people.join(', ') || 'nobody'}`,
    ...evidence.touched
      .slice(0, 20)
      .map(({ type, target, runs }) => `  touched       ${type} ${target} (${runs} runs)`),
    ...(diff?.added ?? []).map(({ part, names }) => `  new ${part.padEnd(10)}${names.join(', ')}`),
    ...(diff?.removed ?? []).map(({ part, names }) => `  gone ${part.padEnd(9)}${names.join(', ')}`),
    ...(whyNotMe === undefined ? [] : [`  ${whyNotMe}`]),
  ];
  return `${lines.join('\n')}\n`;
}
