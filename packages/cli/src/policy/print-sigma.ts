import { readFileSync } from 'node:fs';
import { exportSigma, readPolicy } from '@sentinel/policy';

/** Prints the statements of policy files as Sigma rules; what does not fit, and what is lost, goes to the error output. */
export function printSigma(files: readonly string[]): void {
  const rules: string[] = [];
  for (const file of files) {
    const { source } = readPolicy(readFileSync(file, 'utf8'));
    if (source === undefined) continue;
    for (const { statementId, rule, unfit, notes } of exportSigma(source).map((one) => ({ notes: [], ...one }))) {
      if (rule !== undefined) rules.push(rule);
      const told = unfit === undefined ? notes : [`left out: ${unfit}`];
      for (const text of told) process.stderr.write(`${source.id}/${statementId}: ${text}\n`);
    }
  }
  process.stdout.write(rules.join('---\n'));
}
