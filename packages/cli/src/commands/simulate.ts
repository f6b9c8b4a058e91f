import type { FleetCounts } from '@sentinel/simulator';
import { type Command, InvalidArgumentError } from 'commander';

interface SimulateOptions {
  readonly endpoints: number;
  readonly server?: string;
  readonly token?: string;
  readonly seed: string;
  readonly rate: number;
  readonly spread: number;
  readonly failures: number;
  readonly slow: number;
  readonly skewed: number;
  readonly connections: number;
  readonly duration?: number;
  readonly history?: number;
  readonly channels: boolean;
  readonly runs: boolean;
  readonly json?: true;
}

/** Adds `sentinel simulate`. */
export function registerSimulate(program: Command): void {
  program
    .command('simulate')
    .summary('a seeded fleet of endpoints, for load and for demonstrations')
    .description(
      'Endpoints that are not there: they enrol, beat, keep channels open and ship runs over the real protocol. The same seed gives the same fleet.',
    )
    .requiredOption('--endpoints <n>', 'how many', whole(1, 100_000))
    .option('--server <url>', 'address of the server (or SENTINEL_SERVER; default: http://127.0.0.1:7390)')
    .option('--token <token>', 'enrolment token with as many uses (or SENTINEL_TOKEN)')
    .option('--seed <text>', 'what the fleet is made from', 'sentinel')
    .option('--rate <n>', 'runs of one endpoint in an hour', number(0, 10_000), 2)
    .option('--spread <seconds>', 'time within which endpoints start', number(0, 86_400), 30)
    .option('--failures <share>', 'share of runs that end by an exception', number(0, 1), 0.03)
    .option('--slow <share>', 'share of endpoints behind a slow link', number(0, 1), 0.1)
    .option('--skewed <share>', 'share of endpoints whose clock is up to an hour wrong', number(0, 1), 0.02)
    .option('--connections <n>', 'connections for requests; channels come on top', whole(1, 20_000), 256)
    .option('--duration <seconds>', 'end after this time (default: at Ctrl-C)', number(1, 31_536_000))
    .option('--history <days>', 'fill so many days that are over through the ingest, then end', number(0.01, 390))
    .option('--no-channels', 'do not keep a channel open for each endpoint')
    .option('--no-runs', 'an idle fleet: no script runs')
    .option('--json', 'print one object as JSON at the end')
    .addHelpText(
      'after',
      `
Examples:
  sentinel simulate --endpoints 500 --token sntl_enr_...
  sentinel simulate --endpoints 10000 --no-runs --duration 300 --json
  sentinel simulate --endpoints 200 --history 90 --rate 5 --seed board-meeting

Its endpoints are named after departments (fin-00000). They keep nothing on disk and apply no policy.
Exit codes: 0 ended as asked, 1 it could not begin or the server refused.`,
    )
    .action(async (options: SimulateOptions) => {
      try {
        // Only here: the program for endpoints has no fleet in it.
        const { simulate } = await import('../simulate/simulate.ts');
        const result = await simulate({
          ...options,
          server: options.server ?? process.env['SENTINEL_SERVER'] ?? 'http://127.0.0.1:7390',
          token: options.token ?? process.env['SENTINEL_TOKEN'],
          progress:
            process.stderr.isTTY && options.json !== true
              ? (text) => process.stderr.write(`\r${text.padEnd(100)}`)
              : undefined,
        });
        if (process.stderr.isTTY && options.json !== true) process.stderr.write('\n');
        process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : formatResult(result));
        process.exit(0);
      } catch (error) {
        process.stderr.write(`sentinel simulate: ${(error as Error).message}\n`);
        process.exit(1);
      }
    });
}

function formatResult(result: {
  counts: FleetCounts;
  seconds: number;
  cpuShare: number;
  rssMb: number;
  acknowledgedMs?: { p50?: number; p99?: number };
}): string {
  const { counts, seconds, cpuShare, rssMb, acknowledgedMs } = result;
  return [
    `${counts.enrolled} endpoints, ${counts.runs} runs, ${counts.rowsStored} rows stored in ${counts.batchesStored} batches, ${counts.heartbeats} heartbeats in ${seconds} s`,
    `Sent again ${counts.batchesRetried}, refused ${counts.batchesRefused}, still waiting ${counts.batchesWaiting}, heartbeats without an answer ${counts.heartbeatsFailed}`,
    ...(acknowledgedMs?.p50 === undefined
      ? []
      : [
          `Acknowledged after ${acknowledgedMs.p50} ms (median), ${acknowledgedMs.p99 ?? acknowledgedMs.p50} ms (99 of 100)`,
        ]),
    `The fleet itself took ${Math.round(cpuShare * 100)}% of a core and ${rssMb} MB`,
    '',
  ].join('\n');
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most)
      throw new InvalidArgumentError(`must be ${least} to ${most}.`);
    return value;
  };
}

function whole(least: number, most: number): (text: string) => number {
  const read = number(least, most);
  return (text) => {
    const value = read(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('must be a whole number.');
    return value;
  };
}
