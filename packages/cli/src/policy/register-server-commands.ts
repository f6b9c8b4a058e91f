import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';
import { awaitSimulation } from './await-simulation.ts';
import { checkFiles, policyFiles } from './check-files.ts';
import { printChecked } from './print-checked.ts';
import { printPlan } from './print-plan.ts';
import { printSimulation } from './print-simulation.ts';

const DAY_MS = 86_400_000;

interface PlayOptions extends ServerOptions {
  readonly days: number;
  readonly timeZone: string;
  readonly json?: true;
}

interface ApplyOptions extends ServerOptions {
  readonly reason: string;
  readonly ticket?: string;
  readonly json?: true;
}

/** Adds `sentinel policy test|simulate|plan|apply`. */
export function registerServerCommands(policy: Command): void {
  policy
    .command('test')
    .description('Runs the examples that stand in policy files; needs no server.')
    .argument('<path...>', 'policy files, or folders of them')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy test policies/

Exit codes: 0 every example comes out as it says, 1 one does not or a policy has errors, 2 a file cannot be read.`,
    )
    .action((paths: string[], options: { json?: true }) => testFiles(paths, options.json === true));
  playOptions(policy.command('simulate'))
    .description(
      'Plays policy files over the history of a server: which scripts, machines and people would have been hit.',
    )
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy simulate llm.yaml --server https://sentinel.example --days 90
  sentinel policy simulate policies/ --json | jq '.statements[] | select(.hits > 0)'

Exit codes: 0 played, 1 a policy has errors or the server refused.`,
    )
    .action((paths: string[], options: PlayOptions) =>
      attemptOnServer('policy simulate', async () => {
        const client = connectToServer(options);
        const started = await client.startSimulation({
          body: { sources: sourcesOf(paths), ...history(options), timeZone: options.timeZone },
        });
        const simulation = await awaitSimulation(client, started);
        process.stdout.write(options.json === true ? `${JSON.stringify(simulation)}\n` : printSimulation(simulation));
      }),
    );
  playOptions(policy.command('plan'))
    .description(
      'Says what applying files would change on a server, and which machines, scripts and people that affects.',
    )
    .option('--no-simulate', 'compare the files only')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy plan policies/
  sentinel policy plan policies/ --no-simulate --json

Exit codes: 0 planned, 1 a policy has errors or the server refused.`,
    )
    .action((paths: string[], options: PlayOptions & { simulate: boolean }) =>
      attemptOnServer('policy plan', async () => {
        const client = connectToServer(options);
        const { simulation: started, ...plan } = await client.planPolicies({
          body: {
            sources: sourcesOf(paths),
            timeZone: options.timeZone,
            ...(options.simulate ? history(options) : {}),
          },
        });
        const simulation = started === undefined ? undefined : await awaitSimulation(client, started);
        process.stdout.write(
          options.json === true ? `${JSON.stringify({ ...plan, simulation })}\n` : printPlan(plan, simulation),
        );
      }),
    );
  withServerOptions(policy.command('apply'))
    .description('Saves policy files on a server as drafts. Applying the same files again changes nothing.')
    .argument('<path...>', 'policy files, or folders of them')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--ticket <id>', 'number of the change')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy apply policies/ --reason "new LLM provider" --ticket CHG-1042

Exit codes: 0 saved or unchanged, 1 a policy has errors or the server refused; nothing is saved where a file has errors.`,
    )
    .action((paths: string[], options: ApplyOptions) =>
      attemptOnServer('policy apply', async () => {
        const client = connectToServer(options);
        const sources = sourcesOf(paths);
        // All or nothing as far as errors go: the server looks at every file before the first is saved.
        await client.planPolicies({ body: { sources } });
        const saved = [];
        for (const source of sources) {
          const { isNew, version } = await client.savePolicy({
            body: {
              source,
              reason: options.reason,
              ...(options.ticket === undefined ? {} : { ticket: options.ticket }),
            },
          });
          saved.push({ policyId: version.policyId, version: version.version, stage: version.stage, isNew });
        }
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify({ policies: saved })}\n`
            : saved
                .map((one) => `${one.isNew ? 'saved' : 'unchanged'} ${one.policyId} ${one.version} (${one.stage})\n`)
                .join(''),
        );
      }),
    );
}

function playOptions(command: Command): Command {
  return withServerOptions(command)
    .argument('<path...>', 'policy files, or folders of them')
    .option('--days <n>', 'days of history to play', Number, 30)
    .option('--time-zone <name>', 'time zone that hours are judged by', 'UTC')
    .option('--json', 'print one object as JSON');
}

/** Policy files behind paths. @throws where there is none, or one cannot be read. */
function sourcesOf(paths: readonly string[]): string[] {
  const files = policyFiles(paths);
  if (files.length === 0) throw new Error(`there is no policy file in ${paths.join(', ')}`);
  const bad = checkFiles(paths).filter(({ problems }) => problems.some(({ level }) => level === 'error'));
  if (bad.length > 0) throw new Error(`\n${printChecked(bad)}`);
  return files.map((file) => readFileSync(file, 'utf8'));
}

function history({ days }: { readonly days: number }): { from: string; to: string } {
  if (!Number.isSafeInteger(days) || days < 1) throw new Error('--days is a whole number from 1 on');
  const nowMs = Date.now();
  return { from: new Date(nowMs - days * DAY_MS).toISOString(), to: new Date(nowMs).toISOString() };
}

function testFiles(paths: readonly string[], isJson: boolean): void {
  try {
    const files = checkFiles(paths).map((file) => ({
      ...file,
      problems: file.problems.filter(({ level }) => level === 'error'),
    }));
    if (files.length === 0) throw new Error(`there is no policy file in ${paths.join(', ')}`);
    const isBad = files.some(({ problems }) => problems.length > 0);
    const shown = files.map(({ compiled: _compiled, ...file }) => file);
    process.stdout.write(isJson ? `${JSON.stringify({ policies: shown, isBad })}\n` : printChecked(files));
    if (isBad) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`The policies cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
