import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { endpointText } from '@sentinel/policy';
import type { CompiledPolicy, SignedPolicyBundle } from '@sentinel/protocol';
import type { Command } from 'commander';
import { signingKey } from '../advisories/signing-key.ts';
import { type CheckedFile, checkFiles, policyFiles } from '../policy/check-files.ts';
import { printChecked } from '../policy/print-checked.ts';
import { printSigma } from '../policy/print-sigma.ts';
import { registerPublish } from '../policy/publish-bundle.ts';
import { registerImport } from '../policy/register-import.ts';
import { registerLifeCommands } from '../policy/register-life-commands.ts';
import { registerServerCommands } from '../policy/register-server-commands.ts';
import { cosignBundle, operatorKey, parseSignedBundle, signBundle } from '../policy/sign-bundle.ts';

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
    .option('--sigma', 'Sigma rules, one document a statement; what Sigma cannot say is told on the error output')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy export policies/ > compiled.json
  sentinel policy export --endpoint policies/ | head
  sentinel policy export --sigma policies/ > rules.yml

Exit codes: 0 printed, 1 a policy has errors, 2 a file cannot be read.`,
    )
    .action((paths: string[], options: { endpoint?: true; sigma?: true }) => {
      if (options.sigma === true) {
        if (compiledFiles(paths) !== undefined) printSigma(policyFiles(paths));
        return;
      }
      const compiled = compiledFiles(paths);
      if (compiled === undefined) return;
      process.stdout.write(
        options.endpoint === true ? endpointText(compiled) : `${JSON.stringify(compiled, null, 2)}\n`,
      );
    });
  registerImport(policy);
  registerSign(policy);
  registerServerCommands(policy);
  registerLifeCommands(policy);
  registerPublish(policy);
}

/** Normal forms of policy files; undefined, with all said, where one has errors. */
function compiledFiles(paths: readonly string[]): CompiledPolicy[] | undefined {
  const files = attempt(paths);
  if (files === undefined) return undefined;
  const compiled = files.map((file) => file.compiled).filter((one) => one !== undefined);
  const isGood = !files.some(({ problems }) => problems.some(({ level }) => level === 'error'));
  if (compiled.length === files.length && isGood) return compiled;
  process.stderr.write(printChecked(files));
  process.exitCode = 1;
  return undefined;
}

function registerSign(policy: Command): void {
  policy
    .command('sign')
    .description('Makes a signed bundle of policies for endpoints, or adds an operator’s signature to one.')
    .argument('<path...>', 'policy files or folders; or one bundle, to add a signature')
    .requiredOption('--key <file>', 'signing key of the operator; made on first use')
    .option('--organisation <name>', 'whose endpoints it is for')
    .option('--bundle-version <n>', 'number that grows with every bundle', Number)
    .option(
      '--group <name>',
      'group of endpoints; may be repeated',
      (name: string, all: string[]) => [...all, name],
      [],
    )
    .option('--days <n>', 'days until endpoints warn that it is stale', Number, 30)
    .option('--observe-only', 'break-glass: report everything, enforce nothing')
    .option('--out <file>', 'file to write', 'policies.bundle')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy sign policies/ --key ada.key --organisation contoso --bundle-version 12
  sentinel policy sign policies.bundle --key bob.key

Exit codes: 0 signed, 1 a policy has errors, 2 a file cannot be read or written.`,
    )
    .action((paths: string[], options: SignOptions) => signPolicies(paths, options));
}

interface SignOptions {
  key: string;
  organisation?: string;
  bundleVersion?: number;
  group: string[];
  days: number;
  observeOnly?: true;
  out: string;
  json?: true;
}

function signPolicies(paths: readonly string[], options: SignOptions): void {
  try {
    const { key, isNew } = signingKey(options.key);
    const signed = madeOrCosigned(paths, options, key);
    if (signed === undefined) return;
    writeFileSync(options.out, `${JSON.stringify(signed)}\n`);
    const count = signed.signatures.length;
    const told = { bundle: options.out, operator: operatorKey(key), signatures: count, isNewKey: isNew };
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(told)}\n`
        : `${options.out} bears ${count} ${count === 1 ? 'signature' : 'signatures'}. Operator key: ${told.operator}\n` +
            (isNew ? `The new key is in ${options.key}: keep it off the server.\n` : ''),
    );
  } catch (error) {
    process.stderr.write(`The bundle cannot be signed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

function madeOrCosigned(
  paths: readonly string[],
  options: SignOptions,
  key: KeyObject,
): SignedPolicyBundle | undefined {
  const [only, ...more] = paths;
  if (only !== undefined && more.length === 0 && only.endsWith('.bundle'))
    return cosignBundle(parseSignedBundle(readFileSync(only, 'utf8')), key);
  const { organisation, bundleVersion: version } = options;
  if (organisation === undefined || version === undefined || !Number.isSafeInteger(version) || version < 1)
    throw new Error('a new bundle needs --organisation and --bundle-version, a whole number above the last');
  const compiled = compiledFiles(paths);
  if (compiled === undefined) return undefined;
  return signBundle(
    compiled,
    {
      organisation,
      version,
      groups: options.group.length === 0 ? ['*'] : options.group,
      days: options.days,
      isObserveOnly: options.observeOnly === true,
      waivers: [],
    },
    key,
    Date.now(),
  );
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
