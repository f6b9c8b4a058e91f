import type { ObservedActivity } from '@sentinel/protocol';
import { isUnder } from '../context/known-hosts.ts';
import { textOf } from './activity-facts.ts';
import type { RunView } from './run-view.ts';

/** Whether the company approved a language model; `unknown` where it gave no list. */
export function approvalOf(request: ObservedActivity, view: RunView): 'approved' | 'local' | 'unapproved' | 'unknown' {
  const { approved, isLocalApproved } = view.context.ai;
  const host = textOf(request, 'server.address').toLowerCase();
  const provider = textOf(request, 'gen_ai.provider.name');
  if (approved !== undefined && (approved.includes(provider) || isUnder(host, approved))) return 'approved';
  const reach = view.reachOf(host);
  if (reach === 'approved') return 'approved';
  if (isLocalApproved && (reach === 'local' || reach === 'internal')) return 'local';
  return approved === undefined ? 'unknown' : 'unapproved';
}
