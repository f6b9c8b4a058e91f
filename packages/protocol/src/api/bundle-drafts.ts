import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PolicyBundle } from '../policy-bundle.ts';

export const getBundleDraft = defineOperation({
  id: 'getBundleDraft',
  method: 'GET',
  path: '/policy-bundles/draft',
  permission: 'policy.write',
  summary: 'The exact bundle that operators would sign now: all live policies, waivers and approvals.',
  query: z.object({
    organisation: z.string().max(200).optional().meta({ description: 'Whose it is; needed for the first one.' }),
    group: z.string().max(64).default('*').meta({ description: 'Group of endpoints; * for all.' }),
    days: z.coerce.number().int().min(1).max(365).default(30).meta({ description: 'Days until it is stale.' }),
  }),
  response: z.object({
    bundle: PolicyBundle,
    payload: z.string().meta({ description: 'The bytes to sign, in base64.' }),
    sha256: z.string(),
    isChanged: z
      .boolean()
      .meta({ description: 'Whether it differs from the newest published one but for version and times.' }),
  }),
});
