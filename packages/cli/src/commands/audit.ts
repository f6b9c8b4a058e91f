import { createReadStream, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type AuditAnswer, ChainedAuditRecord } from '@sentinel/protocol';
import type { Command } from 'commander';
import { Option } from 'commander';
import { formatAnswers } from '../audit/format-answers.ts';
import { ChainVerifier, type KeptHead } from '../audit/verify-chain.ts';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';
import { momentOf } from '../moment-of.ts';

interface AnswerOptions extends ServerOptions {
  readonly who?: string;
  readonly what?: string;
  readonly kind?: AuditAnswer['source'];
  readonly script?: string;
  readonly machine?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly json?: true;
}

interface VerifyOptions extends ServerOptions {
  readonly head?: string;
  readonly keep?: string;
  readonly json?: true;
}

/** Adds `sentinel audit`. */
export function registerAudit(program: Command): void {
  const audit = program
    .command('audit')
    .summary('who accessed what, when; and whether the trail is whole')
    .description('The audit trail: what people did in Sentinel, and what scripts touched. Asking is recorded too.');
  registerAnswer(audit);
  registerExport(audit);
  registerVerify(audit);
}

function registerAnswer(audit: Command): void {
  withServerOptions(audit.command('answer'))
    .description('Answers who accessed what, when.')
    .option('--who <account>', 'account of an operating system or of Sentinel')
    .option('--what <text>', 'text in a file, table, host, program or object')
    .addOption(
      new Option('--kind <kind>', 'kind of thing that scripts touched').choices([
        'file',
        'database',
        'network',
        'ai',
        'program',
      ]),
    )
    .option('--script <text>', 'id of a script, or text in its name or path')
    .option('--machine <id>', 'id of a machine')
    .option('--since <time>', 'from then on: 2026-01-31, a full time, or a span such as 90d or 12h', '30d')
    .option('--until <time>', 'before then')
    .option('--limit <n>', 'most rows', '500')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sentinel audit answer --what payroll --since 90d
  $ sentinel audit answer --who ann --kind database --since 2026-01-01 --json

Exit codes: 0 answered, 1 not.`,
    )
    .action((options: AnswerOptions) =>
      attemptOnServer('audit answer', async () => {
        const { who, what, kind, script, machine, since, until, limit } = options;
        const given = { who, what, kind, script, endpointId: machine };
        const answer = await connectToServer(options).answerAudit({
          query: {
            ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as object),
            ...(since === undefined ? {} : { since: momentOf(since) }),
            ...(until === undefined ? {} : { until: momentOf(until) }),
            limit: Number(limit),
          },
        });
        process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : formatAnswers(answer));
      }),
    );
}

function registerExport(audit: Command): void {
  withServerOptions(audit.command('export'))
    .description('Writes the chain of records, one JSON object a line, in its order.')
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--after <n>', 'only records after this number', '0')
    .addHelpText(
      'after',
      `
Examples:
  $ sentinel audit export --out trail.jsonl
  $ sentinel audit verify trail.jsonl --head kept-head.json

Exit codes: 0 written, 1 not.`,
    )
    .action((options: ServerOptions & { out?: string; after: string }) =>
      attemptOnServer('audit export', async () => {
        const records = connectToServer(options).exportAuditRecords({ query: { after: Number(options.after) } });
        if (options.out === undefined) {
          for await (const record of records) process.stdout.write(`${JSON.stringify(record)}\n`);
          return;
        }
        const draft = `${options.out}.${process.pid}.new`;
        const file = await open(draft, 'w', 0o600);
        let count = 0;
        try {
          for await (const record of records) {
            await file.write(`${JSON.stringify(record)}\n`);
            count++;
          }
          await file.sync();
        } finally {
          await file.close();
        }
        renameSync(draft, options.out);
        process.stderr.write(`${count} records in ${options.out}\n`);
      }),
    );
}

function registerVerify(audit: Command): void {
  withServerOptions(audit.command('verify'))
    .description(
      'Checks that no record was changed, dropped, moved, inserted or cut off: of an exported file, or of the server.',
    )
    .argument('[file]', 'exported chain; the chain of the server without it')
    .option('--head <file>', 'head that was kept elsewhere: also finds a chain that was written anew or cut off')
    .option('--keep <file>', 'write the head to this file when nothing is wrong')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
It proves that nothing before the kept head changed since it was kept. Keep heads where the server cannot write.

Examples:
  $ sentinel audit verify --keep /media/safe/head.json
  $ sentinel audit verify trail.jsonl --head /media/safe/head.json

Exit codes: 0 whole, 1 not checked, 2 changed, 3 missing or cut off.`,
    )
    .action((file: string | undefined, options: VerifyOptions) =>
      attemptOnServer('audit verify', async () => {
        const verifier = new ChainVerifier(options.head === undefined ? undefined : readHead(options.head));
        const records = file === undefined ? connectToServer(options).exportAuditRecords() : readRecords(file);
        for await (const record of records) verifier.add(record);
        const result = verifier.end();
        if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
        else {
          for (const { number, kind, detail } of result.faults)
            process.stdout.write(`${kind}  record ${number}: ${detail}\n`);
          const beyond = result.faultCount - result.faults.length;
          if (beyond > 0) process.stdout.write(`and ${beyond} more\n`);
          process.stdout.write(
            result.faultCount === 0
              ? `whole: ${result.records} records, head ${result.head.hash}\n`
              : `not whole: ${result.faultCount} faults in ${result.records} records\n`,
          );
        }
        if (result.faultCount > 0) process.exitCode = result.faults.every(({ kind }) => kind === 'missing') ? 3 : 2;
        else if (options.keep !== undefined)
          writeFileSync(options.keep, `${JSON.stringify({ ...result.head, at: new Date().toISOString() })}\n`);
      }),
    );
}

async function* readRecords(file: string): AsyncGenerator<ChainedAuditRecord> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text === '') continue;
    const parsed = ChainedAuditRecord.safeParse(parseJson(text));
    if (!parsed.success) throw new Error(`${file}, line ${line}: this is no audit record`);
    yield parsed.data;
  }
}

function readHead(file: string): KeptHead {
  const head = parseJson(readFileSync(file, 'utf8')) as Partial<KeptHead> | undefined;
  if (typeof head?.number !== 'number' || typeof head.hash !== 'string') throw new Error(`${file} holds no kept head`);
  return { number: head.number, hash: head.hash };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
