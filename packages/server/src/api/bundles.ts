import { bundleMessage } from '@sentinel/policy';
import { PolicyBundle, SentinelError, type SignedPolicyBundle } from '@sentinel/protocol';
import { POLICY_TOPIC } from '../channel/agent-channels.ts';
import { signedContent } from '../channel/signed-content.ts';
import type { Services } from '../services.ts';
import { listPublishedBundles, storeBundle } from '../store/policy-bundle.ts';
import type { Handlers } from './handler.ts';

/** Bundles of policies on their way from operators, who sign them, to endpoints, who judge them. */
export function bundles({
  control,
  signals,
  shelf,
  audit,
}: Services): Handlers<'publishBundle' | 'listBundles' | 'getBundle'> {
  return {
    async publishBundle({ body, person }) {
      const bundle = readBundle(body);
      const published = await storeBundle(control, { bundle, signed: body }, person.userName, Date.now());
      await audit.record(person, {
        action: 'policy-bundle.publish',
        object: { kind: 'policy-bundle', id: String(bundle.version) },
        after: { groups: bundle.groups, policies: bundle.policies.length, isObserveOnly: bundle.isObserveOnly },
      });
      shelf.refresh();
      await signals.publish(POLICY_TOPIC, String(bundle.version));
      return published;
    },
    async listBundles({ query: { limit, cursor } }) {
      const below = cursor === undefined ? undefined : Number(cursor);
      if (below !== undefined && !Number.isSafeInteger(below))
        throw new SentinelError('bad-request', 'query: cursor: it is none of this list');
      const { items, total } = await listPublishedBundles(control, { limit, below });
      const last = items.at(-1);
      return {
        items,
        total,
        ...(items.length === limit && last !== undefined ? { nextCursor: String(last.version) } : {}),
      };
    },
    async getBundle({ endpointId, query: { above } }) {
      const row = await control
        .selectFrom('endpoint')
        .select('endpoint_groups')
        .where('id', '=', endpointId)
        .executeTakeFirst();
      const version = await shelf.newestVersionFor(JSON.parse(row?.endpoint_groups ?? '[]') as string[]);
      if (version === undefined || version <= above) return {};
      const signed = await shelf.read(version);
      return signed === undefined ? {} : { signed };
    },
  };
}

function readBundle(signed: SignedPolicyBundle): PolicyBundle {
  const parsed = PolicyBundle.safeParse(signedContent(signed, bundleMessage));
  if (!parsed.success)
    throw new SentinelError('bad-request', `The payload is no policy bundle: ${parsed.error.issues[0]?.message ?? ''}`);
  if (Date.parse(parsed.data.notAfter) <= Date.now())
    throw new SentinelError('bad-request', 'The bundle is over; no endpoint would take it.');
  return parsed.data;
}
