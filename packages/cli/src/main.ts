import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerAdvisories } from './commands/advisories.ts';
import { registerAgent } from './commands/agent.ts';
import { registerAnalyse } from './commands/analyse.ts';
import { registerDemo } from './commands/demo.ts';
import { registerPacks } from './commands/packs.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerRun } from './commands/run.ts';
import { registerScan } from './commands/scan.ts';
import { registerServer } from './commands/server.ts';
import { registerUp } from './commands/up.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('sentinel')
  .description('Sees what Python scripts do on this computer and in the whole fleet.')
  .version(manifest.version)
  .showHelpAfterError('Run with --help for examples.');

registerUp(program);
registerRun(program);
registerScan(program);
registerAnalyse(program);
registerAgent(program);
registerServer(program);
registerAdvisories(program);
registerPacks(program);
registerPolicy(program);
registerDemo(program);

await program.parseAsync();
