import { dataFolder } from '@sentinel/capture';
import { Command, InvalidArgumentError } from 'commander';
import { pino } from 'pino';
import { startAgent } from './agent.ts';
import { AGENT_VERSION } from './endpoint-facts.ts';

const MIB = 1024 * 1024;

const program = new Command('sentinel-agent')
  .description('Receives what probes write on this computer, keeps it durably and ships it to the server.')
  .version(AGENT_VERSION)
  .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
  .option('--server <url>', 'address of the server; remembered after enrolment')
  .option('--token <token>', 'enrolment token, needed once (or SENTINEL_TOKEN)')
  .option('--spool-limit-mib <n>', 'size of the spool beyond which probe files wait', positive, 512)
  .option('--log-level <level>', 'debug, info, warn, error or silent', 'info')
  .parse();

const options = program.opts<{
  data?: string;
  server?: string;
  token?: string;
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
    server: options.server,
    token: options.token ?? process.env['SENTINEL_TOKEN'],
    spoolLimitBytes: options.spoolLimitMib * MIB,
  },
  log,
).catch((error: unknown) => {
  process.stderr.write(`sentinel agent: ${(error as Error).message}\n`);
  process.exit(1);
});

let stopping: Promise<void> | undefined;
const stop = () => {
  stopping ??= agent.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    },
  );
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('SIGHUP', stop);
process.on('disconnect', stop);
process.on('uncaughtException', (error) => log.error({ err: error }, 'unexpected fault; going on'));
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unexpected fault; going on'));

const { endpointId, hasContact } = await agent.ready;
process.send?.(
  hasContact && endpointId !== undefined ? { kind: 'ready', endpointId } : { kind: 'ready', offline: true },
);

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a positive number is needed');
  return value;
}
