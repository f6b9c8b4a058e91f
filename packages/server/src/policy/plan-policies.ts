import { comparePolicies } from '@sentinel/policy';
import { type CompiledPolicy, type PolicyDiff, SentinelError } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import {
  compiledOf,
  listPolicyIds,
  listShownVersions,
  needsSecondPerson,
  type PolicyVersionTable,
} from '../store/policy-version.ts';
import { checkSource } from './check-source.ts';

/** Under this the statements of the present version stand beside the new ones in a simulation. */
export const NOW_SUFFIX = '@now';

/** What saving files would change. */
export interface Plan {
  readonly changes: {
    readonly policyId: string;
    readonly change: 'new' | 'changed' | 'unchanged';
    readonly needsApproval: boolean;
    readonly diff: PolicyDiff;
  }[];
  readonly absent: string[];
  /** What to simulate: new and changed policies, and what holds in their place now. */
  readonly policies: CompiledPolicy[];
}

/** Compares policy files with what is there. @throws SentinelError `bad-request` with the first fault. */
export async function planPolicies(store: ControlStore, sources: readonly string[]): Promise<Plan> {
  const read = sources.map((text, index) => {
    const { compiled, isGood, remarks } = checkSource(text);
    if (compiled !== undefined && isGood) return { text, compiled };
    const fault = remarks.find(({ level }) => level === 'error');
    throw new SentinelError(
      'bad-request',
      `Policy ${index + 1}, ${fault?.line === undefined ? (fault?.statement ?? 'all of it') : `line ${fault.line}`}: ${fault?.message ?? 'it has errors'}.`,
    );
  });
  const twice = read.find(({ compiled: { id } }, at) => read.findIndex((other) => other.compiled.id === id) !== at);
  if (twice !== undefined) throw new SentinelError('bad-request', `Two policies have the id ${twice.compiled.id}.`);
  const shown = await listShownVersions(store, await listPolicyIds(store));
  const ids = new Set(read.map(({ compiled }) => compiled.id));
  const policies: CompiledPolicy[] = [];
  const changes = read.map(({ text, compiled }): Plan['changes'][number] => {
    const there = shown.get(compiled.id);
    const from = there?.live ?? there?.newest;
    const change = there === undefined ? 'new' : there.newest.source === text ? 'unchanged' : 'changed';
    if (change !== 'unchanged') {
      policies.push(compiled);
      if (from !== undefined) policies.push({ ...compiledOf(from), id: `${compiled.id}${NOW_SUFFIX}` });
    }
    return {
      policyId: compiled.id,
      change,
      needsApproval: change !== 'unchanged' && needsSecondPerson(compiled),
      diff: comparePolicies(from === undefined ? undefined : textOf(from), { source: text, compiled }),
    };
  });
  return {
    changes,
    absent: [...shown].filter(([id, { live }]) => live !== undefined && !ids.has(id)).map(([id]) => id),
    policies,
  };
}

/** A stored version as comparing takes it. */
export function textOf(row: PolicyVersionTable): { source: string; compiled: CompiledPolicy } {
  return { source: row.source, compiled: compiledOf(row) };
}
