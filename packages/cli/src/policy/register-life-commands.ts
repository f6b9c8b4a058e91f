import { writeFileSync } from 'node:fs';
import type { PolicyVersionRow } from '@sentinel/protocol';
import type { Command } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';

interface StepOptions extends ServerOptions {
  readonly reason: string;
  readonly early?: true;
  readonly refuse?: true;
  readonly json?: true;
}

interface DraftOptions extends ServerOptions {
  readonly organisation?: string;
  readonly group: string;
  readonly days: number;
  readonly out: string;
}

/** Adds `sentinel policy list|advance|decide|withdraw|rollback|draft`. */
export function registerLifeCommands(policy: Command): void {
  withServerOptions(policy.command('list'))
    .description('Lists the policies of a server with their stage, hits and health.')
    .option('--json', 'print one object as JSON')
    .addHelpText('after', '\nExamples:\n  sentinel policy list\n\nExit codes: 0 listed, 1 the server refused.')
    .action((options: ServerOptions & { json?: true }) =>
      attemptOnServer('policy list', async () => {
        const page = await connectToServer(options).listPolicies({ query: { limit: 200 } });
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify(page)}\n`
            : page.items
                .map(({ id, live, newest, strictest, hits24h, stopped24h }) => {
                  const other =
                    live !== undefined && live.version !== newest.version ? `; newest ${stageText(newest)}` : '';
                  return `${id}  ${stageText(live ?? newest)}${other}  ${strictest}  ${hits24h} hits, ${stopped24h} stopped in 24 h\n`;
                })
                .join(''),
        );
      }),
    );
  step(policy, 'advance', 'Takes a version one step on: to shadow, the first ring, the next ring, into force.')
    .option('--early', 'before the soak time is over; the other gates stay')
    .action((id: string, version: string, options: StepOptions) =>
      move('policy advance', options, (client) =>
        client.advancePolicyVersion({
          params: { policyId: id, version },
          body: { reason: options.reason, isEarly: options.early === true },
        }),
      ),
    );
  step(policy, 'decide', 'The second person agrees to a version, or refuses it; never its author.')
    .option('--refuse', 'refuse it')
    .action((id: string, version: string, options: StepOptions) =>
      move('policy decide', options, (client) =>
        client.decidePolicyVersion({
          params: { policyId: id, version },
          body: { isApproved: options.refuse !== true, reason: options.reason },
        }),
      ),
    );
  step(policy, 'withdraw', 'Takes a version back; the one that it was to replace goes on.').action(
    (id: string, version: string, options: StepOptions) =>
      move('policy withdraw', options, (client) =>
        client.withdrawPolicyVersion({ params: { policyId: id, version }, body: { reason: options.reason } }),
      ),
  );
  step(policy, 'rollback', 'Puts a version in force again that was in force before.').action(
    (id: string, version: string, options: StepOptions) =>
      move('policy rollback', options, (client) =>
        client.rollBackPolicy({ params: { policyId: id }, body: { version: Number(version), reason: options.reason } }),
      ),
  );
  registerDraft(policy);
}

function registerDraft(policy: Command): void {
  withServerOptions(policy.command('draft'))
    .description('Fetches the bundle that operators would sign now, with all live policies, waivers and approvals.')
    .option('--organisation <name>', 'whose endpoints it is for; needed once')
    .option('--group <name>', 'group of endpoints', '*')
    .option('--days <n>', 'days until endpoints warn that it is stale', Number, 30)
    .option('--out <file>', 'file to write', 'policies.bundle')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy draft --organisation contoso
  sentinel policy sign policies.bundle --key ada.key
  sentinel policy publish policies.bundle

Exit codes: 0 written, 1 the server refused.`,
    )
    .action((options: DraftOptions) =>
      attemptOnServer('policy draft', async () => {
        const { organisation, group, days, out } = options;
        const { bundle, payload, sha256, isChanged } = await connectToServer(options).getBundleDraft({
          query: { group, days, ...(organisation === undefined ? {} : { organisation }) },
        });
        writeFileSync(out, `${JSON.stringify({ payload, signatures: [] })}\n`);
        process.stdout.write(
          `${out}: version ${bundle.version} for ${bundle.organisation}, ${bundle.policies.length} policies, ` +
            `${bundle.waivers.length} waivers, ${bundle.approvals?.length ?? 0} approvals, SHA-256 ${sha256}\n` +
            (isChanged ? '' : 'It says the same as the newest published one.\n') +
            'Sign it with `sentinel policy sign`, where the server cannot reach the key.\n',
        );
      }),
    );
}

function step(policy: Command, name: string, description: string): Command {
  return withServerOptions(policy.command(name))
    .description(description)
    .argument('<id>', 'id of the policy')
    .argument('<version>', 'number of the version')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy ${name} llm-secret 3 --reason "agreed in CHG-1042"

Exit codes: 0 done, 1 a gate is shut or the server refused.`,
    );
}

function move(
  name: string,
  options: StepOptions,
  work: (client: ReturnType<typeof connectToServer>) => Promise<PolicyVersionRow>,
): Promise<void> {
  return attemptOnServer(name, async () => {
    const version = await work(connectToServer(options));
    process.stdout.write(
      options.json === true ? `${JSON.stringify(version)}\n` : `${version.policyId} ${stageText(version)}\n`,
    );
  });
}

function stageText({ version, stage, percent, health }: PolicyVersionRow): string {
  const share = stage === 'rollout' ? ` ${percent} %` : '';
  return `v${version} ${stage}${share}${health?.isHealthy === false ? ' NOT HEALTHY' : ''}`;
}
