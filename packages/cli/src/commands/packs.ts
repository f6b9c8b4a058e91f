import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basePack, openOverlay, readOverlay, signOverlay } from '@sentinel/analyser';
import { AdvisoryStore, publicKeyText } from '@sentinel/analyser/advisories';
import { dataFolder } from '@sentinel/capture';
import type { Command } from 'commander';
import { signingKey } from '../advisories/signing-key.ts';
import { formatBase, formatOverlay } from '../packs/describe-pack.ts';
import { trustedKey } from '../packs/trusted-key.ts';

/** Adds `sentinel packs`. */
export function registerPacks(program: Command): void {
  const packs = program
    .command('packs')
    .summary('check, sign and show rule packs of your company')
    .description(
      'A pack adds rules to those that ship, switches rules off, weighs them anew, or allows findings by content, path or ' +
        'owner: each with a reason, an author and a last day. Use it with --pack of scan and analyse.',
    );
  packs
    .command('check')
    .description('Says whether a pack is sound and, when it is signed, whether its key is believed here.')
    .argument('<file>', 'pack, signed or a draft in JSON')
    .option('--trust <key>', 'public key to believe: its text, or a file that holds it; may be repeated', collect, [])
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .addHelpText(
      'after',
      `
Examples:
  sentinel packs check company.json
  sentinel packs check company.pack --trust 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=

Exit codes: 0 sound, 1 refused.`,
    )
    .action((file: string, options: { trust: string[]; data?: string }) => {
      attempt('check', () => {
        const bytes = readFileSync(file);
        const opened = readOverlay(bytes);
        if (opened.key !== undefined)
          openOverlay(bytes, [
            ...options.trust.map(trustedKey),
            ...new AdvisoryStore(dataFolder(options.data)).trustedKeys,
          ]);
        process.stdout.write(`sound\n${formatOverlay(opened, today())}`);
      });
    });
  packs
    .command('sign')
    .description('Makes a signed pack out of a draft in JSON.')
    .argument('<file>', 'draft')
    .option('--key <file>', 'signing key; made on first use', 'sentinel-packs.key')
    .option('--out <file>', 'signed pack to write (default: the name of the draft with .pack)')
    .addHelpText(
      'after',
      `
Examples:
  sentinel packs sign company.json --key company.key

Exit codes: 0 signed, 1 the draft is no pack or the key cannot be used.`,
    )
    .action((file: string, options: { key: string; out?: string }) => {
      attempt('sign', () => {
        const { overlay } = readOverlay(readFileSync(file));
        const { key, isNew } = signingKey(options.key);
        const out = options.out ?? `${file.replace(/\.json$/, '')}.pack`;
        writeFileSync(`${out}.${process.pid}.new`, signOverlay(overlay, key));
        renameSync(`${out}.${process.pid}.new`, out);
        process.stdout.write(
          `Signed ${out}: ${overlay.name} ${overlay.version}\n` +
            `  signed by ${publicKeyText(key)}${isNew ? ' (a new key: keep its file safe)' : ''}\n` +
            `Use it with: sentinel analyse PATH --pack ${out} --trust ${publicKeyText(key)}\n`,
        );
      });
    });
  packs
    .command('show')
    .description('Shows the changes of a pack, or without a file the rules that ship.')
    .argument('[file]', 'pack, signed or a draft in JSON')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel packs show
  sentinel packs show company.pack

Exit codes: 0 shown, 1 refused.`,
    )
    .action((file: string | undefined, options: { json?: true }) => {
      attempt('show', () => {
        const opened = file === undefined ? undefined : readOverlay(readFileSync(file));
        if (options.json === true) process.stdout.write(`${JSON.stringify(opened?.overlay ?? basePack())}\n`);
        else process.stdout.write(opened === undefined ? formatBase() : formatOverlay(opened, today()));
      });
    });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function attempt(part: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    process.stderr.write(`sentinel packs ${part}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
