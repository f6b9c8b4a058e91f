import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@sentinel/client';
import type { RunRecipe, VaultEntry } from '@sentinel/protocol';
import type { Command } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';

interface ListOptions extends ServerOptions {
  readonly find?: string;
  readonly limit: string;
  readonly json?: true;
}

/** Adds `sentinel vault`. */
export function registerVault(program: Command): void {
  const vault = program
    .command('vault')
    .summary('look at the scripts that are kept, and restore one')
    .description('Every version of a script that ran, without its credentials, with what it needs to run again.');
  withServerOptions(vault.command('list'))
    .description('Lists versions, newest first.')
    .option('--find <text>', 'part of the name or path, or the beginning of the SHA-256')
    .option('--limit <n>', 'most rows', '50')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel vault list
  sentinel vault list --find reconcile --json | jq -r .items[0].sha256

Exit codes: 0 listed, 1 the server did not answer or refused.`,
    )
    .action((options: ListOptions) =>
      attemptOnServer('vault list', async () => {
        const client = connectToServer(options);
        const page = await client.listVault({
          query: { limit: Number(options.limit), ...(options.find === undefined ? {} : { q: options.find }) },
        });
        process.stdout.write(options.json === true ? `${JSON.stringify(page)}\n` : formatList(page));
      }),
    );
  withServerOptions(vault.command('show'))
    .description(
      'Shows one version: its source without credentials, and what its runs needed. This is kept in the audit log.',
    )
    .argument('<version>', 'SHA-256 or its beginning, or a name that only one version has')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel vault show 3f2a9c
  sentinel vault show reconcile.py --json | jq .recipe.packages

Exit codes: 0 shown, 1 there is no such version, several fit, or the server refused.`,
    )
    .action((version: string, options: ServerOptions & { json?: true }) =>
      attemptOnServer('vault show', async () => {
        const client = connectToServer(options);
        const sha256 = await findOne(client, version);
        const entry = await client.getVaultEntry({ params: { sha256 } });
        process.stdout.write(options.json === true ? `${JSON.stringify(entry)}\n` : formatEntry(entry));
      }),
    );
  withServerOptions(vault.command('restore'))
    .description('Writes a folder in which a version runs again: script, requirements.lock, README.md, recipe.json.')
    .argument('<version>', 'SHA-256 or its beginning, or a name that only one version has')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--out <dir>', 'folder to make; it must be new or empty (default: a folder named after the script)')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel vault restore 3f2a9c --reason "hand over to Ben"
  sentinel vault restore reconcile.py --reason "INC-4711" --out restored && cat restored/README.md

Exit codes: 0 restored, 1 nothing was written.`,
    )
    .action((version: string, options: ServerOptions & { reason: string; out?: string; json?: true }) =>
      attemptOnServer('vault restore', async () => {
        const client = connectToServer(options);
        const sha256 = await findOne(client, version);
        const folder = resolve(options.out ?? `restored-${sha256.slice(0, 12)}`);
        prepareFolder(folder);
        const { files } = await client.restoreVaultEntry({ params: { sha256 }, body: { reason: options.reason } });
        for (const { path, text } of files) writeFileSync(join(folder, safeName(path)), text, { flag: 'wx' });
        const names = files.map(({ path }) => path);
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify({ sha256, folder, files: names })}\n`
            : `Restored to ${folder}:\n${names.map((name) => `  ${name}\n`).join('')}README.md says what it needs.\n`,
        );
      }),
    );
}

/** The one version that a text names. */
async function findOne(client: Client, version: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(version)) return version;
  const { items } = await client.listVault({ query: { q: version, limit: 200 } });
  const exact = items.filter(({ name, sha256 }) => name === version || sha256.startsWith(version.toLowerCase()));
  const fits = exact.length > 0 ? exact : items;
  const [first] = fits;
  if (first === undefined) throw new Error(`the vault has no version "${version}"`);
  if (fits.length > 1)
    throw new Error(
      `${fits.length} versions fit "${version}": ${fits
        .slice(0, 5)
        .map(({ sha256, collectedAt }) => `${sha256.slice(0, 12)} (${collectedAt.slice(0, 10)})`)
        .join(', ')}`,
    );
  return first.sha256;
}

function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new Error(`the folder ${folder} is not empty`);
}

/** A name from a server is a name within the folder, and nothing else. */
function safeName(path: string): string {
  if (/[\\/]|^\.{0,2}$/.test(path)) throw new Error(`the server named a file "${path}"`);
  return path;
}

function formatList({
  items,
  total,
}: {
  items: readonly (VaultEntry & { runs: number; users: readonly string[] })[];
  total: number;
}): string {
  if (items.length === 0) return 'The vault holds nothing that fits.\n';
  const lines = items.map(
    ({ sha256, collectedAt, name, runs, secrets, users }) =>
      `${sha256.slice(0, 12)}  ${collectedAt.slice(0, 10)}  ${String(runs).padStart(6)} ${runs === 1 ? 'run ' : 'runs'}  ${name}` +
      `${users.length === 0 ? '' : `  (${users.join(', ')})`}${secrets === 0 ? '' : `  ${secrets === 1 ? '1 credential' : `${secrets} credentials`} taken out`}`,
  );
  return `${lines.join('\n')}\n${items.length < total ? `${items.length} of ${total}\n` : ''}`;
}

function formatEntry(entry: VaultEntry & { text: string; recipe: RunRecipe }): string {
  const { recipe } = entry;
  const rows: [string, string][] = [
    ['version', entry.sha256],
    ['path', entry.path],
    ['collected', entry.collectedAt],
    ['runs', `${recipe.runs}${recipe.lastRunAt === undefined ? '' : `, last ${recipe.lastRunAt}`}`],
    ['accounts', recipe.users.join(', ')],
    ['machines', recipe.machines.map(({ hostName }) => hostName).join(', ')],
    ['python', recipe.interpreters.map(({ version }) => version).join(', ')],
    ['packages', recipe.packages.map(({ name, version }) => `${name} ${version}`.trim()).join(', ')],
    [
      'arguments',
      recipe.arguments.map(({ count, shape }) => `${count}${shape === '' ? '' : ` (${shape})`}`).join('; '),
    ],
    ['schedule', recipe.schedules.map(({ hostName, when }) => `${when} on ${hostName}`).join('; ')],
    ['reads', recipe.sources.map(({ target }) => target).join(', ')],
    ['writes', recipe.destinations.map(({ target }) => target).join(', ')],
  ];
  const facts = rows.filter(([, text]) => text !== '').map(([name, text]) => `${name.padEnd(10)} ${text}`);
  return `${entry.name}\n${facts.join('\n')}\n\n${entry.text}`;
}
