import type { Identity } from '../identity.ts';
import type { ServerLink } from '../server-link.ts';
import type { SampleLink } from './data-sampler.ts';
import type { LeftFileLink } from './left-file-watch.ts';

const NOT_ENROLLED = { kind: 'unreachable', detail: 'this endpoint is not enrolled yet' } as const;

/** The server that this endpoint is enrolled with, as what data files hold, and whether copies are still there, reaches it. */
export function sampleLink(link: ServerLink, identity: Identity): SampleLink & LeftFileLink {
  return {
    async wanted(paths, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.askDataSamples(signer, paths, signal);
    },
    async send(files, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.sendDataSamples(signer, files, signal);
    },
    async list(signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.listLeftFiles(signer, signal);
    },
    async tell(look, signal) {
      const signer = identity.current?.signer;
      return signer === undefined ? NOT_ENROLLED : link.tellLeftFiles(signer, look, signal);
    },
  };
}
