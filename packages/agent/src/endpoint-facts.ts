import { readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import type { EndpointFacts } from '@sentinel/protocol';

/** Version of the agent. */
export const AGENT_VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** Facts of this computer. */
export function endpointFacts(): EndpointFacts {
  return {
    hostName: hostname() || 'unknown',
    osType: process.platform,
    osVersion: release(),
    architecture: process.arch,
    agentVersion: AGENT_VERSION,
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
