import { readFileSync, writeFileSync } from 'node:fs';
import type { Client } from '@sentinel/client';
import type { DirectoryPerson, LeaverReport } from '@sentinel/protocol';
import { type Command, Option } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';

interface LeaverOptions extends ServerOptions {
  readonly left?: string | true;
  readonly accounts?: string;
  readonly import?: string;
  readonly decide?: string;
  readonly measure?: 'hand-over' | 'freeze' | 'retire';
  readonly to?: string;
  readonly note?: string;
  readonly certificate?: string;
  readonly json?: true;
}

/** Adds `sentinel leaver`. */
export function registerLeaver(program: Command): void {
  withServerOptions(program.command('leaver'))
    .summary('what is lost when somebody leaves, and who takes it over')
    .description(
      'Scripts, schedules, credentials and data of one person. Decides on scripts and certifies the hand-over; deletes nothing.',
    )
    .argument('[person]', 'name in the directory, or an account; without it, everybody who left')
    .option('--import <file>', 'read a CSV file of the personnel department first')
    .option('--left [date]', 'say that the person left (that day; default: now)')
    .option('--accounts <names>', 'names of their accounts on computers, comma-separated')
    .option('--decide <script>', 'decide on a script of theirs (id or name; "all": every undecided one)')
    .addOption(new Option('--measure <measure>', 'what becomes of it').choices(['hand-over', 'freeze', 'retire']))
    .option('--to <custodian>', 'who answers for it from now on')
    .option('--note <text>', 'why, for the audit log')
    .option('--certificate <file>', 'issue the certificate and write it: a PDF, or JSON where the name ends so')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel leaver --import people.csv
  sentinel leaver ann@corp.example
  sentinel leaver ann --decide reconcile.py --measure hand-over --to ben
  sentinel leaver ann --decide all --measure retire && sentinel leaver ann --certificate ann.pdf

Exit codes: 0 done, 1 nobody fits, or the server refused.`,
    )
    .action((name: string | undefined, options: LeaverOptions) =>
      attemptOnServer('leaver', async () => {
        const client = connectToServer(options);
        if (options.import !== undefined) await importList(client, options.import, options.json === true);
        if (name === undefined) {
          if (options.import === undefined) await listAll(client, options.json === true);
          return;
        }
        const person = await findPerson(client, name, options);
        if (options.decide !== undefined) await decide(client, person, options);
        if (options.certificate !== undefined) return certify(client, person, options.certificate);
        const report = await client.getLeaver({ params: { personId: person.id } });
        process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : formatReport(report));
      }),
    );
}

async function importList(client: Client, file: string, asJson: boolean): Promise<void> {
  const result = await client.importPersons({ body: { csv: readFileSync(file, 'utf8') } });
  if (asJson) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  process.stdout.write(
    `${result.added} new, ${result.changed} changed, ${result.unchanged} as they were${result.left.length === 0 ? '' : `; left: ${result.left.join(', ')}`}\n`,
  );
  for (const { line, reason } of result.rejected) process.stderr.write(`line ${line}: ${reason}\n`);
}

async function listAll(client: Client, asJson: boolean): Promise<void> {
  const page = await client.listLeavers();
  if (asJson) process.stdout.write(`${JSON.stringify(page)}\n`);
  else if (page.items.length === 0) process.stdout.write('Nobody is known to have left.\n');
  for (const { person, scripts, undecided, certificateAt } of asJson ? [] : page.items)
    process.stdout.write(
      `${person.userName}  left ${person.leftAt?.slice(0, 10) ?? 'on an unknown day'}  ${scripts === 1 ? '1 script' : `${scripts} scripts`}, ${undecided} undecided${certificateAt === undefined ? '' : `, certified ${certificateAt.slice(0, 10)}`}\n`,
    );
}

async function findPerson(client: Client, name: string, { left, accounts }: LeaverOptions): Promise<DirectoryPerson> {
  if (left !== undefined || accounts !== undefined)
    return client.savePerson({
      params: { userName: name },
      body: {
        ...(left === undefined
          ? {}
          : { status: 'left' as const, leftAt: (left === true ? new Date() : new Date(left)).toISOString() }),
        ...(accounts === undefined ? {} : { accounts: accounts.split(',').map((one) => one.trim()) }),
      },
    });
  const { items } = await client.listPersons({ query: { q: name, limit: 500 } });
  const text = name.toLowerCase();
  const exact = items.filter((one) => one.userName.toLowerCase() === text || one.accounts.includes(text));
  const [only, ...others] = exact.length > 0 ? exact : items;
  if (only === undefined)
    throw new Error(`nobody in the directory fits "${name}"; --left adds them and says that they left`);
  if (others.length > 0)
    throw new Error(`several fit "${name}": ${[only, ...others].map((one) => one.userName).join(', ')}`);
  return only;
}

async function decide(client: Client, person: DirectoryPerson, options: LeaverOptions): Promise<void> {
  const { decide: wanted = '', measure, to, note } = options;
  if (measure === undefined) throw new Error('--decide needs --measure hand-over, freeze or retire');
  const params = { personId: person.id };
  const { scripts } = await client.getLeaver({ params });
  const fits = scripts.filter(({ scriptId, name, decision }) =>
    wanted === 'all' ? decision === undefined : scriptId === wanted || name === wanted,
  );
  if (fits.length === 0) throw new Error(`no script of ${person.userName} fits "${wanted}"`);
  for (const { scriptId } of fits)
    await client.decideLeaverScript({
      params,
      body: {
        scriptId,
        measure,
        ...(to === undefined ? {} : { custodian: to }),
        ...(note === undefined ? {} : { note }),
      },
    });
}

async function certify(client: Client, person: DirectoryPerson, file: string): Promise<void> {
  const params = { personId: person.id };
  await client.issueLeaverCertificate({ params });
  const { certificate, pdf } = await client.getLeaverCertificate({ params });
  const content = file.endsWith('.json') ? `${JSON.stringify(certificate, null, 2)}\n` : Buffer.from(pdf, 'base64');
  writeFileSync(file, content);
  process.stdout.write(`Certificate ${certificate.id} written to ${file}\n`);
}

function formatReport({
  person,
  since,
  scripts,
  schedules,
  secrets,
  reach,
  reachTotal,
  undecided,
}: LeaverReport): string {
  const lines = [
    `${person.displayName} (${person.userName})${person.status === 'left' ? `, left ${person.leftAt?.slice(0, 10) ?? ''}` : ', works here'}`,
    `Accounts: ${person.accounts.join(', ')}. Since ${since.slice(0, 10)}.`,
    '',
    `Scripts (${scripts.length}, ${undecided} undecided)`,
    ...scripts.map(
      (one) =>
        `  ${one.name}  ${one.runsByPerson} of ${one.runs} runs theirs${one.isOnlyTheirs ? ', nobody else ran it' : ''}` +
        `${one.schedules.length === 0 ? '' : ', scheduled'}${one.isInVault ? ', in the vault' : ', NOT in the vault'}` +
        decisionText(one.decision),
    ),
    '',
    `Schedules still there (${schedules.length})`,
    ...schedules.map((one) => `  ${one.hostName}: ${one.kind} "${one.when}" starts ${one.script} (${one.source})`),
    '',
    `Credentials to change (${secrets.filter(({ rotatedAt }) => rotatedAt === undefined).length} of ${secrets.length})`,
    ...secrets.map((one) => `  ${one.title}${one.rotatedAt === undefined ? '' : ', changed'}`),
    '',
    `Data reached (${reachTotal})`,
    ...reach.slice(0, 30).map((one) => `  ${one.type} ${one.detail}: ${one.target || one.database} (${one.runs} runs)`),
  ];
  return `${lines.join('\n')}\n`;
}

function decisionText(decision: LeaverReport['scripts'][number]['decision']): string {
  if (decision === undefined) return '';
  return `: ${decision.measure}${decision.custodian === undefined ? '' : ` to ${decision.custodian}`}`;
}
