import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { agentFolders, dataFolder } from '@sentinel/capture';
import { Command } from 'commander';
import { pino } from 'pino';
import { Contact } from './contact.ts';
import { endpointFacts } from './endpoint-facts.ts';
import { Identity } from './identity.ts';
import { takeLock } from './lock.ts';
import { ServerLink } from './server-link.ts';
import { openPin } from './server-pin.ts';
import { openTrust } from './trust-file.ts';

/** An installer waits for this, so the server has some time. */
const WITHIN_MS = 30_000;

const options = new Command('sentinel agent enroll')
  .requiredOption('--server <url>')
  .option('--server-pin <hash>')
  .option('--data <dir>')
  .option('--operator-key <key>', '', (key: string, all: string[]) => [...all, key], [])
  .option('--operator-threshold <n>', '', Number)
  .option('--organisation <name>')
  .option('--group <name>', '', (name: string, all: string[]) => [...all, name], [])
  .option('--json')
  .parse()
  .opts<{
    server: string;
    serverPin?: string;
    data?: string;
    operatorKey: string[];
    operatorThreshold?: number;
    organisation?: string;
    group: string[];
    json?: true;
  }>();

try {
  const folders = agentFolders(dataFolder(options.data));
  mkdirSync(folders.root, { recursive: true, mode: 0o700 });
  const releaseLock = takeLock(folders.lock);
  try {
    const trust = await openTrust(join(folders.root, 'trust.json'), {
      keys: options.operatorKey,
      threshold: options.operatorThreshold,
      organisation: options.organisation,
      groups: options.group,
    });
    const groups = trust?.groups ?? [];
    const givenPin = options.serverPin ?? process.env['SENTINEL_SERVER_PIN'];
    const pin = await openPin(join(folders.root, 'server-pin'), givenPin, options.server);
    const identity = await Identity.open({
      paths: {
        identity: folders.identity,
        key: join(folders.root, 'endpoint.key'),
        nextKey: join(folders.root, 'endpoint.key.next'),
      },
      token: process.env['SENTINEL_TOKEN'],
      facts: () => ({ ...endpointFacts(), ...(groups.length === 0 ? {} : { groups }) }),
      link: new ServerLink(options.server, pin),
      contact: new Contact(),
      log: pino({ level: 'silent' }),
    });
    const isNew = identity.current === undefined;
    const failure = isNew ? await identity.tryEnrol(AbortSignal.timeout(WITHIN_MS)) : undefined;
    identity.stop();
    if (failure !== undefined) throw new Error(failure.detail);
    const endpointId = identity.current?.endpointId;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ endpointId, isNew })}\n`
        : `${isNew ? 'Enrolled' : 'Enrolled already'} as ${endpointId ?? ''}. "sentinel agent run" begins.\n`,
    );
  } finally {
    releaseLock();
  }
} catch (error) {
  process.stderr.write(`sentinel agent enroll: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
