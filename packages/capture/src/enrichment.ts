import { hostname } from 'node:os';
import type { Script } from '@sentinel/protocol';
import { type Distribution, DistributionIndex } from './distributions.ts';
import { type ModuleKind, moduleKind } from './module-kind.ts';
import { identifyScript, type ScriptFacts } from './script-identity.ts';
import { userName } from './user-name.ts';

/** Facts that are added on the endpoint to what the probe saw. */
export interface Enrichment {
  readonly hostName: string;
  script(facts: ScriptFacts): Script;
  userName(id: number): string | undefined;
  module(name: string, path: string | undefined, basePrefix: string): ModuleFacts;
}

/** Where a module comes from. */
export interface ModuleFacts {
  readonly kind: ModuleKind;
  readonly distribution: Distribution | undefined;
}

/** Enrichment from this computer's files. Keeps what it read, so make one and share it. */
export function createEnrichment(hostName: string = hostname()): Enrichment {
  const distributions = new DistributionIndex();
  return {
    hostName,
    script: (facts) => identifyScript(facts, hostName),
    userName: (id) => userName(id),
    module: (name, path, basePrefix) => {
      const early = moduleKind(name, path, basePrefix, false);
      // The standard library has no metadata beside it: spare the reading.
      if (path === undefined || early === 'stdlib' || early === 'builtin')
        return { kind: early, distribution: undefined };
      const distribution = distributions.find(name, path);
      return { kind: distribution === undefined ? early : 'distribution', distribution };
    },
  };
}
