import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { registerAction } from './commands/action.ts';
import { registerAdvisories } from './commands/advisories.ts';
import { registerAgent } from './commands/agent.ts';
import { registerAnalyse } from './commands/analyse.ts';
import { registerApproval } from './commands/approval.ts';
import { registerAudit } from './commands/audit.ts';
import { registerDemo } from './commands/demo.ts';
import { registerLeaver } from './commands/leaver.ts';
import { registerPacks } from './commands/packs.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerRun } from './commands/run.ts';
import { registerScan } from './commands/scan.ts';
import { registerServer } from './commands/server.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerUp } from './commands/up.ts';
import { registerVault } from './commands/vault.ts';

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
registerAction(program);
registerAdvisories(program);
registerPacks(program);
registerPolicy(program);
registerApproval(program);
registerAudit(program);
registerVault(program);
registerLeaver(program);
registerSimulate(program);
registerDemo(program);

await program.parseAsync();
