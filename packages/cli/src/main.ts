import { readFileSync } from 'node:fs';
import { Command } from 'commander';

/** Adds a command to the program. */
type Register = (program: Command) => void;

/** Every command, in the order of the help. Only the one that is asked for is loaded: all of them take most of a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import('./commands/up.ts')).registerUp,
  run: async () => (await import('./commands/run.ts')).registerRun,
  scan: async () => (await import('./commands/scan.ts')).registerScan,
  analyse: async () => (await import('./commands/analyse.ts')).registerAnalyse,
  agent: async () => (await import('./commands/agent.ts')).registerAgent,
  server: async () => (await import('./commands/server.ts')).registerServer,
  action: async () => (await import('./commands/action.ts')).registerAction,
  advisories: async () => (await import('./commands/advisories.ts')).registerAdvisories,
  packs: async () => (await import('./commands/packs.ts')).registerPacks,
  policy: async () => (await import('./commands/policy.ts')).registerPolicy,
  approval: async () => (await import('./commands/approval.ts')).registerApproval,
  audit: async () => (await import('./commands/audit.ts')).registerAudit,
  rules: async () => (await import('./commands/rules.ts')).registerRules,
  vault: async () => (await import('./commands/vault.ts')).registerVault,
  leaver: async () => (await import('./commands/leaver.ts')).registerLeaver,
  simulate: async () => (await import('./commands/simulate.ts')).registerSimulate,
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
};

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('sentinel')
  .description('Sees what Python scripts do on this computer and in the whole fleet.')
  .version(manifest.version)
  .showHelpAfterError('Run with --help for examples.');

const asked = process.argv[2] ?? '';
const isVersion = asked === '--version' || asked === '-V';
const names = Object.hasOwn(COMMANDS, asked) ? [asked] : isVersion ? [] : Object.keys(COMMANDS);
for (const name of names) (await COMMANDS[name]?.())?.(program);

await program.parseAsync();
