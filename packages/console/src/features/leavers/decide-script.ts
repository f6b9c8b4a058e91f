import type { LeaverMeasure } from '@sentinel/protocol';
import { client } from '../../api/client.ts';

/** What somebody chose for a script. */
export interface ScriptDecision {
  readonly personId: string;
  readonly scriptId: string;
  readonly measure: LeaverMeasure;
  readonly custodian: string;
  readonly note: string;
}

/** Hands a script over, freezes it or retires it. */
export function decideScript({ personId, scriptId, measure, custodian, note }: ScriptDecision) {
  return client.decideLeaverScript({
    params: { personId },
    body: {
      scriptId,
      measure,
      ...(custodian === '' ? {} : { custodian }),
      ...(note === '' ? {} : { note }),
    },
  });
}
