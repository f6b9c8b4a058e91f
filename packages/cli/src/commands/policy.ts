import { endpointText } from '@sentinel/policy';
import type { Command } from 'commander';
import { type CheckedFile, checkFiles } from '../policy/check-files.ts';
import { printChecked } from '../policy/print-checked.ts';

/** Adds `sentinel policy`. */
export function registerPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .summary('check policies, run their examples')
    .description('Policies as code: files that say what scripts may do, checked and tried before anybody is hit.');
  policy
    .command('check')
    .description('Compiles policy files, runs the examples in them and remarks on what is hardly meant.')
    .argument('<path...>', 'policy files, or folders of them')
    .option('--strict', 'treat warnings as errors')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy check policies/
  sentinel policy check --strict --json llm.yaml

Exit codes: 0 all is well, 1 errors (or warnings with --strict), 2 a file cannot be read.`,
    )
    .action((paths: string[], options: { strict?: true; json?: true }) => {
      const files = attempt(paths);
      if (files === undefined) return;
      const isBad = files.some(({ problems }) =>
        problems.some(({ level }) => level === 'error' || options.strict === true),
      );
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ policies: files.map(withoutForm), isBad })}\n`
          : printChecked(files),
      );
      if (isBad) process.exitCode = 1;
    });
  policy
    .command('export')
    .description('Prints policies in the normal form that is evaluated: JSON, or the text that endpoints read.')
    .argument('<path...>', 'policy files, or folders of them')
    .option('--endpoint', 'the text that endpoints read')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy export policies/ > compiled.json
  sentinel policy export --endpoint policies/ | head

Exit codes: 0 printed, 1 a policy has errors, 2 a file cannot be read.`,
    )
    .action((paths: string[], options: { endpoint?: true }) => {
      const files = attempt(paths);
      if (files === undefined) return;
      const compiled = files.map((file) => file.compiled).filter((one) => one !== undefined);
      if (
        compiled.length < files.length ||
        files.some(({ problems }) => problems.some(({ level }) => level === 'error'))
      ) {
        process.stderr.write(printChecked(files));
        process.exitCode = 1;
        return;
      }
      process.stdout.write(
        options.endpoint === true ? endpointText(compiled) : `${JSON.stringify(compiled, null, 2)}\n`,
      );
    });
}

function attempt(paths: readonly string[]): CheckedFile[] | undefined {
  try {
    const files = checkFiles(paths);
    if (files.length > 0) return files;
    process.stderr.write(`There is no policy file in ${paths.join(', ')}. Policies end in .yaml, .yml or .json.\n`);
  } catch (error) {
    process.stderr.write(`The policies cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.exitCode = 2;
  return undefined;
}

function withoutForm({ compiled: _form, ...file }: CheckedFile): Omit<CheckedFile, 'compiled'> {
  return file;
}
