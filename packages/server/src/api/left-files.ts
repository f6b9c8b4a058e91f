import { CompanyView } from '../findings/company-view.ts';
import { copiesToLookFor, keepLook } from '../findings/left-copies.ts';
import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

/** Copies of labelled data that scripts left on endpoints: the agent looks whether they are still there. */
export function leftFiles({ control }: Services): Handlers<'listLeftFiles' | 'tellLeftFiles'> {
  const copyDays = async () => (await CompanyView.read(control)).contextOf(null).limits.copyDays;
  return {
    async listLeftFiles({ endpointId }) {
      return { paths: await copiesToLookFor(control, endpointId, await copyDays(), Date.now()) };
    },
    async tellLeftFiles({ body, endpointId }) {
      const days = await copyDays();
      const nowMs = Date.now();
      const judged = await control
        .transaction()
        .execute((transaction) => keepLook(transaction, endpointId, body, days, nowMs));
      return { judged };
    },
  };
}
