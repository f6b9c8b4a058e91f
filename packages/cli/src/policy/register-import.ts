import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSigma, readPolicy } from '@sentinel/policy';
import type { Command } from 'commander';

interface ImportOptions {
  readonly out: string;
  readonly json?: true;
}

/** What became of one rule. */
interface Outcome {
  readonly title: string;
  readonly from: string;
  readonly file?: string;
  readonly unfit?: string;
}

/** Adds `sentinel policy import`. */
export function registerImport(policy: Command): void {
  policy
    .command('import')
    .description(
      'Turns Sigma rules into policies that observe. A rule of which a part does not fit is left out whole, and the part is named.',
    )
    .argument('<file...>', 'files of Sigma rules')
    .option('--out <dir>', 'folder to write policies into', 'policies')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy import rules/*.yml --out policies/sigma
  sentinel policy import rules/*.yml --json | jq '.rules[] | select(.unfit)'

Exit codes: 0 at least one rule was taken, 1 none fits, 2 a file cannot be read or written.`,
    )
    .action((files: string[], options: ImportOptions) => {
      try {
        const rules = files.flatMap((file) => importFile(file, options.out));
        const taken = rules.filter(({ file }) => file !== undefined).length;
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify({ rules, taken })}\n`
            : `${rules.map(line).join('')}${taken} of ${rules.length} rules were taken.\n`,
        );
        if (taken === 0) process.exitCode = 1;
      } catch (error) {
        process.stderr.write(`The rules cannot be taken: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 2;
      }
    });
}

function importFile(from: string, folder: string): Outcome[] {
  return importSigma(readFileSync(from, 'utf8')).map(({ title, policy, unfit }): Outcome => {
    if (policy === undefined) return { title, from, unfit };
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${readPolicy(policy).source?.id ?? 'sigma-rule'}.yaml`);
    writeFileSync(file, policy);
    return { title, from, file };
  });
}

function line({ title, from, file, unfit }: Outcome): string {
  return `${from}: ${title}: ${file === undefined ? `left out: ${unfit ?? ''}` : file}\n`;
}
