import { readFileSync } from 'node:fs';
import { AdvisoryStore, BundleRefused } from '@sentinel/analyser/advisories';
import { dataFolder } from '@sentinel/capture';
import type { Command } from 'commander';
import { buildBundle } from '../advisories/build-bundle.ts';
import { advisoryStatus, formatAdvisoryStatus, formatBuiltBundle } from '../advisories/describe-advisories.ts';
import { trustedKey } from '../packs/trusted-key.ts';

const DATA_HELP = 'data folder (default: SENTINEL_DATA, else the data folder of the user)';

/** Adds `sentinel advisories`. */
export function registerAdvisories(program: Command): void {
  const advisories = program
    .command('advisories')
    .summary('bring in what is known of vulnerable and malicious packages')
    .description(
      'Data on vulnerable and malicious packages: built where there is a network, imported where there is none.',
    );
  advisories
    .command('build')
    .description('Makes one signed file out of OSV records, the KEV list, EPSS scores and lists of names.')
    .requiredOption('--from <path>', 'folder, file or archive; may be repeated', collect, [])
    .option('--out <file>', 'bundle to write', 'sentinel.advisories')
    .option('--key <file>', 'signing key; made on first use', 'sentinel-advisories.key')
    .option('--attribution <text>', 'who made the data; may be repeated', collect, [])
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel advisories build --from osv-pypi/ --from kev.json --from epss.csv.gz --from names.txt
  sentinel advisories build --from advisories/ --key company.key --out 2026-11.advisories

Exit codes: 0 built, 1 nothing could be built.`,
    )
    .action((options: { from: string[]; out: string; key: string; attribution: string[]; json?: true }) => {
      attempt('build', () => {
        const built = buildBundle({ ...options, attributions: options.attribution, nowMs: Date.now() });
        process.stdout.write(options.json === true ? `${JSON.stringify(built)}\n` : formatBuiltBundle(built));
      });
    });
  advisories
    .command('import')
    .description('Takes a bundle into use after checking who signed it; the one before is kept.')
    .argument('[file]', 'bundle')
    .option('--data <dir>', DATA_HELP)
    .option('--trust <key>', 'public key to believe from now on: its text, or a file that holds it')
    .option('--rollback', 'go back to the bundle before')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel advisories import 2026-11.advisories --trust 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
  sentinel advisories import 2026-12.advisories
  sentinel advisories import --rollback

Exit codes: 0 in use, 1 refused: what was in use before still is.`,
    )
    .action((file: string | undefined, options: { data?: string; trust?: string; rollback?: true; json?: true }) => {
      attempt('import', () => {
        const store = new AdvisoryStore(dataFolder(options.data));
        if ((file === undefined) !== (options.rollback === true)) throw new Error('give a bundle, or --rollback');
        if (file === undefined) store.rollBack();
        else store.import(readFileSync(file), options.trust === undefined ? undefined : trustedKey(options.trust));
        printStatus(store, options.json === true);
      });
    });
  advisories
    .command('status')
    .description('Says which data is in use, how much it is and how old.')
    .option('--data <dir>', DATA_HELP)
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel advisories status
  sentinel advisories status --json | jq .ageDays

Exit codes: 0 data is in use, 1 nothing was imported or what was cannot be read.`,
    )
    .action((options: { data?: string; json?: true }) => {
      attempt('status', () => {
        const isImported = printStatus(new AdvisoryStore(dataFolder(options.data)), options.json === true);
        if (!isImported) process.exitCode = 1;
      });
    });
}

function printStatus(store: AdvisoryStore, asJson: boolean): boolean {
  const status = advisoryStatus(store.load()?.manifest, store.hasPrevious, store.trustedKeys, Date.now());
  process.stdout.write(asJson ? `${JSON.stringify(status)}\n` : formatAdvisoryStatus(status));
  return status.imported;
}

function attempt(part: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const reason = error instanceof BundleRefused ? `refused: ${error.message}` : (error as Error).message;
    process.stderr.write(`sentinel advisories ${part}: ${reason}\n`);
    process.exitCode = 1;
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
