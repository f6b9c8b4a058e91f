import { RetentionClass } from '@sentinel/protocol';
import { dispose } from '../retention/dispose.ts';
import type { Job } from './job.ts';

const EVERY_MS = 6 * 60 * 60 * 1000;

/** Removes what every class keeps no longer, with a proof and an audit record each. */
export const disposeJob: Job = {
  name: 'dispose',
  everyMs: EVERY_MS,
  async run({ services, signal }) {
    for (const name of RetentionClass.options) {
      if (signal.aborted) return;
      const disposal = await dispose(services, name, Date.now(), signal);
      if (disposal === undefined) continue;
      const { id, removed, held, before } = disposal;
      await services.audit.record(
        { accountId: 'sentinel', userName: 'sentinel', role: 'service' },
        {
          action: 'retention.dispose',
          object: { kind: 'disposal', id },
          after: { class: name, before, removed, held },
        },
      );
      services.log.info({ class: name, removed, held, before }, 'disposed of what is kept no longer');
    }
  },
};
