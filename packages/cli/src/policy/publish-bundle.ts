import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';
import { parseSignedBundle } from './sign-bundle.ts';

/** Adds `sentinel policy publish`. */
export function registerPublish(policy: Command): void {
  withServerOptions(policy.command('publish'))
    .description('Brings a signed bundle to the server, which tells the endpoints of its groups at once.')
    .argument('<bundle>', 'file that `sentinel policy sign` wrote')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel policy publish policies.bundle --server https://sentinel.example

Exit codes: 0 published, 1 the server refused or the file is none.`,
    )
    .action((file: string, options: ServerOptions & { json?: true }) =>
      attemptOnServer('policy publish', async () => {
        const body = parseSignedBundle(readFileSync(file, 'utf8'));
        const published = await connectToServer(options).publishBundle({ body });
        const { version, groups, policies } = published;
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify(published)}\n`
            : `Version ${version} with ${policies} policies is published for ${groups.join(', ')}.\n`,
        );
      }),
    );
}
