import { createHash } from 'node:crypto';
import { bindWaiver, readPolicy } from '@sentinel/policy';
import {
  type BundleApproval,
  type BundleRollout,
  POLICY_BUNDLE_FORMAT,
  PolicyBundle,
  SentinelError,
  type Waiver,
} from '@sentinel/protocol';
import { currentBreakGlass } from '../store/break-glass.ts';
import type { ControlStore } from '../store/control-store.ts';
import { listBundleVersions, readBundle } from '../store/policy-bundle.ts';
import { compiledOf, listLiveVersions, type PolicyVersionTable } from '../store/policy-version.ts';
import { listApprovalStates } from '../store/script-approval.ts';
import { DAY_MS } from '../store/store-time.ts';
import { listActiveWaivers } from '../store/waiver.ts';

/** What a draft is for. */
export interface DraftOptions {
  readonly organisation?: string | undefined;
  readonly group: string;
  readonly days: number;
}

/** A bundle that nobody has signed yet. */
export interface BundleDraft {
  readonly bundle: PolicyBundle;
  readonly payload: string;
  readonly sha256: string;
  readonly isChanged: boolean;
}

/**
 * The bundle that operators would sign now. In shadow a version gets a share of nothing, so that no server can enforce it; in rollout
 * it gets all, and the server names the ring.
 * @throws SentinelError `bad-request` where nobody ever said whose endpoints these are.
 */
export async function draftBundle(store: ControlStore, options: DraftOptions, nowMs: number): Promise<BundleDraft> {
  const newest = await newestBundle(store);
  const organisation = options.organisation ?? newest?.organisation;
  if (organisation === undefined || organisation === '')
    throw new SentinelError('bad-request', 'organisation: say whose endpoints the first bundle is for.');
  const live = await listLiveVersions(store);
  const glass = await currentBreakGlass(store, nowMs);
  const isObserveOnly = glass?.state === 'active';
  const bundle: PolicyBundle = {
    format: POLICY_BUNDLE_FORMAT,
    organisation,
    version: (newest?.version ?? 0) + 1,
    issuedAt: new Date(nowMs).toISOString(),
    notAfter: new Date(nowMs + options.days * DAY_MS).toISOString(),
    groups: [options.group],
    isObserveOnly,
    policies: live.map(compiledOf),
    waivers: await waiversOf(store, live, nowMs),
    ...(isObserveOnly && glass.until !== null ? { observeOnlyUntil: new Date(glass.until).toISOString() } : {}),
    rollouts: live.flatMap((row): BundleRollout[] =>
      row.stage === 'enforced'
        ? []
        : [{ policyId: row.policy_id, version: row.version, percent: row.stage === 'rollout' ? 100 : 0 }],
    ),
    approvals: (await listApprovalStates(store, nowMs)).map(
      ({ sha256, state, untilMs }): BundleApproval => ({
        sha256,
        state,
        ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
      }),
    ),
  };
  const bytes = Buffer.from(JSON.stringify(PolicyBundle.parse(bundle)));
  return {
    bundle,
    payload: bytes.toString('base64'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    isChanged: newest === undefined || contentOf(newest) !== contentOf(bundle),
  };
}

async function newestBundle(store: ControlStore): Promise<PolicyBundle | undefined> {
  const [newest] = await listBundleVersions(store);
  const signed = newest === undefined ? undefined : await readBundle(store, newest.version);
  if (signed === undefined) return undefined;
  return PolicyBundle.parse(JSON.parse(Buffer.from(signed.payload, 'base64').toString('utf8')));
}

async function waiversOf(store: ControlStore, live: readonly PolicyVersionTable[], nowMs: number): Promise<Waiver[]> {
  const sources = new Map(live.map((row) => [row.policy_id, readPolicy(row.source).source]));
  const waivers = await listActiveWaivers(store, nowMs);
  return waivers.flatMap((row): Waiver[] => {
    const source = sources.get(row.policy_id);
    if (source === undefined || row.until === null) return [];
    const { when } = bindWaiver(source, row.statement_id, JSON.parse(row.bound) as Record<string, string[]>);
    // A statement that is gone, or allows it no more, is not waived.
    if (when === undefined) return [];
    return [
      {
        id: row.id,
        policyId: row.policy_id,
        statementId: row.statement_id,
        when,
        owner: row.owner,
        reason: row.reason,
        until: new Date(row.until).toISOString(),
      },
    ];
  });
}

/** What a bundle says, without its number and times. */
function contentOf({ version: _version, issuedAt: _issued, notAfter: _until, ...content }: PolicyBundle): string {
  return JSON.stringify(content);
}
