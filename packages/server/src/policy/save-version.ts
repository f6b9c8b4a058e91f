import { SentinelError } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import { holdExclusive } from '../store/exclusive.ts';
import { listVersions, type PolicyVersionTable } from '../store/policy-version.ts';
import { checkSource } from './check-source.ts';

/** Who saves, and why. */
export interface SaveReason {
  readonly accountId: string;
  readonly userName: string;
  readonly reason: string;
  readonly ticket: string | undefined;
}

/**
 * Saves a policy file as a draft. The same text as a version that is there changes nothing, so that applying twice is as good as once.
 * @throws SentinelError `bad-request` where it has errors, `conflict` where another text has its version, or a higher one is there.
 */
export async function saveVersion(
  store: ControlStore,
  text: string,
  { accountId, userName, reason, ticket }: SaveReason,
  nowMs: number,
): Promise<{ isNew: boolean; row: PolicyVersionTable }> {
  const checked = checkSource(text);
  const { source, compiled } = checked;
  if (source === undefined || compiled === undefined || !checked.isGood) {
    const error = checked.remarks.find(({ level }) => level === 'error');
    const place = error?.line === undefined ? (error?.statement ?? 'the policy') : `line ${error.line}`;
    throw new SentinelError('bad-request', `${place}: ${error?.message ?? 'it has errors'}.`);
  }
  return store.transaction().execute(async (transaction) => {
    await holdExclusive(transaction, 'policy-version');
    const versions = await listVersions(transaction, compiled.id);
    const same = versions.find(({ version }) => version === compiled.version);
    if (same?.source === text) return { isNew: false, row: same };
    if (same !== undefined)
      throw new SentinelError(
        'conflict',
        `${compiled.id} has a version ${compiled.version} with another text: write version: ${(versions[0]?.version ?? 0) + 1}.`,
      );
    const newest = versions[0];
    if (newest !== undefined && newest.version > compiled.version)
      throw new SentinelError(
        'conflict',
        `${compiled.id} is at version ${newest.version} already: write version: ${newest.version + 1}.`,
      );
    const row: PolicyVersionTable = {
      policy_id: compiled.id,
      version: compiled.version,
      title: source.title,
      owner: source.owner ?? null,
      source: text,
      compiled: JSON.stringify(compiled),
      remarks: JSON.stringify(checked.remarks),
      examples: checked.examples,
      author_id: accountId,
      author_name: userName,
      reason,
      ticket: ticket ?? null,
      saved_at: nowMs,
      stage: 'draft',
      percent: 0,
      stage_since: nowMs,
      simulation: null,
      simulated: null,
      decision: null,
      health: null,
    };
    await transaction.insertInto('policy_version').values(row).execute();
    return { isNew: true, row };
  });
}
