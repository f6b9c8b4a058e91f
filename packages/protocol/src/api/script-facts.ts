import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { ScriptFacts, Sha256 } from '../script-facts.ts';

export const askScriptFacts = defineOperation({
  id: 'askScriptFacts',
  method: 'POST',
  path: '/script-facts/wanted',
  permission: 'agent',
  summary: 'Which of these versions the server knows nothing of.',
  body: z.object({ sha256: z.array(Sha256).min(1).max(500) }),
  response: z.object({
    wanted: z.array(Sha256),
    fingerprintKey: z
      .string()
      .meta({ description: 'Key of the fingerprints of credentials, the same over the fleet.' }),
  }),
});

export const sendScriptFacts = defineOperation({
  id: 'sendScriptFacts',
  method: 'POST',
  path: '/script-facts',
  permission: 'agent',
  summary: 'Store what analysis says of versions of scripts. The same version again replaces it.',
  maxBodyBytes: 4 * 1024 * 1024,
  body: z.object({ facts: z.array(ScriptFacts).min(1).max(50) }),
  response: z.object({ stored: z.int().nonnegative() }),
});
