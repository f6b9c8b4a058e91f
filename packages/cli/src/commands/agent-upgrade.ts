import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dataFolder } from '@sentinel/capture';
import type { Command } from 'commander';
import { signingKey } from '../advisories/signing-key.ts';
import { Installation } from '../upgrade/installation.ts';
import { signRelease } from '../upgrade/signed-release.ts';
import { type UpgradeOutcome, upgrade } from '../upgrade/upgrade.ts';

/** Where an installed product lies, by the scripts in `packaging/`. */
const FOLDERS: Readonly<Record<string, string>> = {
  linux: '/opt/sentinel',
  darwin: '/Library/Sentinel',
  win32: 'C:\\Program Files\\Sentinel',
};

interface Options {
  readonly folder: string;
  readonly data?: string;
  readonly key: string;
  readonly restart?: string;
  readonly wait: number;
  readonly allowOlder?: true;
  readonly json?: true;
}

/** Adds `sentinel agent upgrade` and `sentinel agent sign-release`. */
export function registerAgentUpgrade(agent: Command): void {
  agent
    .command('upgrade')
    .description('Brings a signed release into service; the one before comes back if the server does not answer it.')
    .argument('<file>', 'executable, with its signed release beside it as <file>.release')
    .requiredOption('--key <base64>', 'public key of the releases that are trusted here')
    .option('--folder <dir>', 'where the versions lie', FOLDERS[process.platform])
    .option('--data <dir>', 'data folder of the agent (default: SENTINEL_DATA, else that of the user)')
    .option('--restart <command>', 'what starts the service anew, as words with spaces between')
    .option('--wait <seconds>', 'how long the new version has for its first exchange with the server', Number, 300)
    .option('--allow-older', 'permit a version that is older than the current one')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel agent upgrade sentinel-1.4.0-linux-x64 --key "$RELEASE_KEY" --restart "systemctl restart sentinel-agent"

Broken off, it is settled by the next call. Exit codes: 0 in service, 1 rolled back, 2 refused.`,
    )
    .action(async (file: string, options: Options) => {
      const outcome = await upgrade(file, {
        installation: new Installation(options.folder),
        data: dataFolder(options.data),
        trustedKey: options.key,
        restart: options.restart?.split(' ').filter((word) => word !== '') ?? [],
        waitMs: options.wait * 1000,
        canGoBack: options.allowOlder === true,
        say: (text) => process.stderr.write(`${text}\n`),
      });
      process.stdout.write(options.json === true ? `${JSON.stringify(outcome)}\n` : sentence(outcome));
      process.exitCode = outcome.result === 'refused' ? 2 : outcome.result === 'rolled-back' ? 1 : 0;
    });
  agent
    .command('sign-release')
    .description('Signs an executable as a release; for whoever makes them, never on an endpoint.')
    .argument('<file>', 'executable')
    .requiredOption('--key <file>', 'signing key; made on first use')
    .requiredOption('--release-version <version>', 'what it is')
    .option('--platform <name>', 'linux, darwin or win32', process.platform)
    .option('--architecture <name>', 'x64 or arm64', process.arch)
    .action((file: string, options: SignOptions) => {
      const { key } = signingKey(options.key);
      const bytes = readFileSync(file);
      const signed = signRelease(
        {
          format: 1,
          version: options.releaseVersion,
          platform: options.platform as 'linux',
          architecture: options.architecture as 'x64',
          sha256: createHash('sha256').update(bytes).digest('hex'),
          sizeBytes: bytes.length,
          issuedAt: new Date().toISOString(),
        },
        key,
      );
      writeFileSync(`${file}.release`, `${JSON.stringify(signed)}\n`);
      process.stdout.write(`${file}.release. Public key: ${signed.key}\n`);
    });
}

interface SignOptions {
  readonly key: string;
  readonly releaseVersion: string;
  readonly platform: string;
  readonly architecture: string;
}

function sentence({ result, from, to, reason }: UpgradeOutcome): string {
  switch (result) {
    case 'installed':
      return `Version ${to} is installed.\n`;
    case 'upgraded':
      return `Version ${to} is in service; ${from} is kept beside it.\n`;
    case 'unchanged':
      return `Version ${to} is in service already.\n`;
    case 'rolled-back':
      return `Version ${from} is in service again: ${reason}.\n`;
    case 'refused':
      return `Nothing was changed: ${reason}.\n`;
  }
}
