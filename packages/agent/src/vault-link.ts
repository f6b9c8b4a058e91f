import type { Identity } from './identity.ts';
import type { VaultLink } from './script-collector.ts';
import type { ServerLink } from './server-link.ts';

const NOT_ENROLLED = { kind: 'unreachable', detail: 'this endpoint is not enrolled yet' } as const;

/** The vault of the server that this endpoint is enrolled with. */
export function vaultLink(link: ServerLink, identity: Identity): VaultLink {
  return {
    async wanted(candidates, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.listWantedScripts(signer, candidates, signal);
    },
    async store(script, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.storeScript(signer, script, signal);
    },
  };
}
