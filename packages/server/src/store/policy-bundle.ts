import {
  type PolicyBundle,
  type PolicyShares,
  type PublishedBundle,
  SentinelError,
  type SignedPolicyBundle,
} from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';
import { holdExclusive } from './exclusive.ts';

/** Row of a published bundle. */
export interface PolicyBundleTable {
  version: number;
  organisation: string;
  /** JSON list. */
  bundle_groups: string;
  is_observe_only: number;
  policies: number;
  /** SignedPolicyBundle as JSON. */
  signed: string;
  issued_at: number;
  not_after: number;
  published_at: number;
  published_by: string;
}

/** Version of a bundle and whom it is for. */
export interface BundleVersion {
  readonly version: number;
  readonly groups: readonly string[];
}

/**
 * Keeps a bundle that operators signed.
 * @throws SentinelError `conflict` where its version is not above all others, or it is another organisation's.
 */
export async function storeBundle(
  store: ControlStore,
  { bundle, signed }: { bundle: PolicyBundle; signed: SignedPolicyBundle },
  publishedBy: string,
  nowMs: number,
): Promise<PublishedBundle> {
  return store.transaction().execute(async (transaction) => {
    await holdExclusive(transaction, 'policy-bundle');
    const newest = await transaction
      .selectFrom('policy_bundle')
      .select(['version', 'organisation'])
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (newest !== undefined && newest.version >= bundle.version)
      throw new SentinelError('conflict', `Version ${newest.version} is published; endpoints take only a higher one.`);
    if (newest !== undefined && newest.organisation !== bundle.organisation)
      throw new SentinelError('conflict', `The bundles of this server are for ${newest.organisation}.`);
    const row: PolicyBundleTable = {
      version: bundle.version,
      organisation: bundle.organisation,
      bundle_groups: JSON.stringify(bundle.groups),
      is_observe_only: bundle.isObserveOnly ? 1 : 0,
      policies: bundle.policies.length,
      signed: JSON.stringify(signed),
      issued_at: Date.parse(bundle.issuedAt),
      not_after: Date.parse(bundle.notAfter),
      published_at: nowMs,
      published_by: publishedBy,
    };
    await transaction.insertInto('policy_bundle').values(row).execute();
    return toPublished(row, 0);
  });
}

/** Versions of all bundles, newest first. */
export async function listBundleVersions(store: ControlStore): Promise<BundleVersion[]> {
  const rows = await store
    .selectFrom('policy_bundle')
    .select(['version', 'bundle_groups'])
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ version, bundle_groups }) => ({ version, groups: JSON.parse(bundle_groups) as string[] }));
}

/** How far policies under rollout are, and those that are through. */
export async function listPolicyShares(store: ControlStore): Promise<PolicyShares> {
  const rows = await store
    .selectFrom('policy_version')
    .select(['policy_id', 'version', 'percent'])
    .where('stage', 'in', ['rollout', 'enforced'])
    .execute();
  return rows.map(({ policy_id: policyId, version, percent }) => ({ policyId, version, percent }));
}

/** The newest of some versions for an endpoint in these groups. */
export function newestVersionFor(versions: readonly BundleVersion[], groups: readonly string[]): number | undefined {
  return versions.find((one) => one.groups.some((group) => group === '*' || groups.includes(group)))?.version;
}

/** A bundle by its version. */
export async function readBundle(store: ControlStore, version: number): Promise<SignedPolicyBundle | undefined> {
  const row = await store
    .selectFrom('policy_bundle')
    .select('signed')
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.signed) as SignedPolicyBundle);
}

/** A page of published bundles, newest first. */
export async function listPublishedBundles(
  store: ControlStore,
  { limit, below }: { limit: number; below: number | undefined },
): Promise<{ items: PublishedBundle[]; total: number }> {
  const rows = await store
    .selectFrom('policy_bundle')
    .selectAll()
    .$if(below !== undefined, (query) => query.where('version', '<', below ?? 0))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  const { total } = await store
    .selectFrom('policy_bundle')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const inForce = await store
    .selectFrom('endpoint')
    .select(({ fn }) => ['policy_version', fn.countAll<number>().as('endpoints')])
    .where('policy_version', 'is not', null)
    .groupBy('policy_version')
    .execute();
  const counts = new Map(inForce.map((row) => [row.policy_version, row.endpoints]));
  return { items: rows.map((row) => toPublished(row, counts.get(row.version) ?? 0)), total };
}

function toPublished(row: PolicyBundleTable, endpoints: number): PublishedBundle {
  const { signatures } = JSON.parse(row.signed) as SignedPolicyBundle;
  return {
    version: row.version,
    organisation: row.organisation,
    groups: JSON.parse(row.bundle_groups) as string[],
    isObserveOnly: row.is_observe_only === 1,
    policies: row.policies,
    issuedAt: new Date(row.issued_at).toISOString(),
    notAfter: new Date(row.not_after).toISOString(),
    publishedAt: new Date(row.published_at).toISOString(),
    publishedBy: row.published_by,
    signers: signatures.map(({ key }) => key),
    endpoints,
  };
}
