import { dataFolder } from '@sentinel/capture';
import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { startAgent } from './agent.ts';
import { AGENT_VERSION } from './endpoint-facts.ts';

const MIB = 1024 * 1024;
/** For the service: nothing is wrong with the settings. Source: sysexits.h, EX_TEMPFAIL. */
const START_ANEW = 75;
// They were for this process, not for what it starts.
for (const name of ['NODE_OPTIONS', 'MALLOC_ARENA_MAX', 'MALLOC_TRIM_THRESHOLD_']) delete process.env[name];

const program = new Command('sentinel-agent')
  .description('Receives what probes write on this computer, keeps it durably and ships it to the server.')
  .version(AGENT_VERSION)
  .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
  .option('--server <url>', 'address of the server; remembered after enrolment')
  .option('--server-pin <hash>', 'certificate of the server or its authority, as the server prints it: sha256:…')
  .option('--token <token>', 'enrolment token, needed once (or SENTINEL_TOKEN)')
  .option('--operator-key <key>', 'public key of an operator to believe, may be repeated; pinned here', repeated, [])
  .option('--operator-threshold <n>', 'how many operators must have signed', positive)
  .option('--organisation <name>', 'organisation whose policies and actions are taken; pinned here')
  .option('--group <name>', 'group of this endpoint, may be repeated; pinned here', repeated, [])
  .option('--spool-limit-mib <n>', 'size of the spool beyond which probe files wait', positive, 512)
  .option('--log-level <level>', 'debug, info, warn, error or silent', 'info')
  .parse();

const options = program.opts<{
  data?: string;
  server?: string;
  serverPin?: string;
  token?: string;
  operatorKey: string[];
  operatorThreshold?: number;
  organisation?: string;
  group: string[];
  spoolLimitMib: number;
  logLevel: string;
}>();
const destination = pino.destination({ fd: 2, sync: true });
// Whoever read the log may be gone; that is no reason to stop.
destination.on('error', () => undefined);
const log = pino({ base: { service: 'agent' }, level: options.logLevel }, destination);

const agent = await startAgent(
  {
    data: dataFolder(options.data),
    server: options.server ?? process.env['SENTINEL_SERVER'],
    serverPin: options.serverPin ?? process.env['SENTINEL_SERVER_PIN'],
    restart: () => stop(START_ANEW),
    token: options.token ?? process.env['SENTINEL_TOKEN'],
    trust: {
      keys: options.operatorKey.length > 0 ? options.operatorKey : words('SENTINEL_OPERATOR_KEYS'),
      groups: options.group.length > 0 ? options.group : words('SENTINEL_GROUPS'),
      organisation: options.organisation ?? process.env['SENTINEL_ORGANISATION'],
      threshold: options.operatorThreshold,
    },
    spoolLimitBytes: options.spoolLimitMib * MIB,
  },
  log,
).catch((error: unknown) => {
  process.stderr.write(`sentinel agent: ${(error as Error).message}\n`);
  process.exit(1);
});

let stopping: Promise<void> | undefined;
const stop = (exitCode = 0) => {
  stopping ??= agent.stop().then(
    () => process.exit(exitCode),
    (error: unknown) => {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    },
  );
};
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, () => stop());
process.on('uncaughtException', (error) => log.error({ err: error }, 'unexpected fault; going on'));
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unexpected fault; going on'));

const { endpointId, hasContact } = await agent.ready;
process.send?.(
  hasContact && endpointId !== undefined ? { kind: 'ready', endpointId } : { kind: 'ready', offline: true },
);

/** What an unattended installation says by the environment, with commas between. */
function words(name: string): string[] {
  return (process.env[name] ?? '').split(',').filter((word) => word !== '');
}

function repeated(text: string, all: string[]): string[] {
  return [...all, text];
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a positive number is needed');
  return value;
}
