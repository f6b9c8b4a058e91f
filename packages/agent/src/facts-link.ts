import type { FactsLink } from './facts-sender.ts';
import type { Identity } from './identity.ts';
import type { ServerLink } from './server-link.ts';

const NOT_ENROLLED = { kind: 'unreachable', detail: 'this endpoint is not enrolled yet' } as const;

/** The server that this endpoint is enrolled with, as facts of scripts reach it. */
export function factsLink(link: ServerLink, identity: Identity): FactsLink {
  return {
    async wanted(sha256, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.askScriptFacts(signer, sha256, signal);
    },
    async send(facts, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.sendScriptFacts(signer, facts, signal);
    },
  };
}
