import type { Analysis, Flow, Reach } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import { shippedPii } from '../pii/find-pii.ts';
import { CERTAINTY, type Reason } from './reason.ts';

const OUTSIDE: ReadonlySet<Reach> = new Set(['personal-cloud', 'mail-outside', 'llm-provider', 'messaging', 'unknown']);
const PERSONAL_OUTSIDE = 28;
const PERSONAL_TO_LLM = 22;
const PERSONAL_FLOOR = 70;
const SECRET_OUTSIDE = 26;
/** Sources that hold what a business lives on. */
const BUSINESS = /(?:sap|db|database|sheet|excel|mail|outlook|crm|erp)/i;
const PERSONAL = /(?:\bpii\b|personal|iban|salary|patient|birth|ssn|passport)/i;
const PLAIN_FACTOR = 0.6;

const REACH_WORDS: Readonly<Record<Reach, string>> = {
  'personal-cloud': 'a personal cloud',
  'mail-outside': 'mail to the outside',
  'llm-provider': 'an LLM provider',
  messaging: 'a messenger',
  unknown: 'a place that could not be told',
  'approved-cloud': 'an approved cloud',
  share: 'a network share',
  internal: 'an internal system',
  local: 'this computer',
};

/** Points of data that could leave. */
export function flowReasons({ flows }: Analysis): Reason[] {
  return flows.flatMap((flow): Reason[] => {
    const weight = weightOf(flow) * CERTAINTY[flow.confidence];
    if (weight === 0) return [];
    const isPersonal = holdsPersonal(flow.source);
    const hasFloor =
      isPersonal &&
      OUTSIDE.has(flow.reach) &&
      flow.reach !== 'llm-provider' &&
      flow.reach !== 'unknown' &&
      flow.confidence === 'high';
    return [
      {
        ruleId: `flow-${flow.source.kind}-to-${flow.reach}`,
        reason: `data from ${describe(flow.source)} can reach ${REACH_WORDS[flow.reach]} (${describe(flow.sink)})`,
        weight,
        place: flow.sink.place,
        ...(hasFloor ? { floor: PERSONAL_FLOOR } : {}),
      },
    ];
  });
}

/** Whether what is known of a source says that it holds data of people. */
function holdsPersonal({ kind, detail, labels = [] }: Flow['source']): boolean {
  if (PERSONAL.test(`${kind} ${detail ?? ''}`)) return true;
  return labels.some((label) => shippedPii().describe(label)?.category !== 'business');
}

function weightOf({ source, reach }: Flow): number {
  const text = `${source.kind} ${source.detail ?? ''}`;
  if (OUTSIDE.has(reach) && holdsPersonal(source)) return reach === 'llm-provider' ? PERSONAL_TO_LLM : PERSONAL_OUTSIDE;
  if (OUTSIDE.has(reach) && /secret|credential/.test(source.kind)) return SECRET_OUTSIDE;
  return (
    (basePack().points.flows[reach] ?? 0) * (BUSINESS.test(text) || source.labels !== undefined ? 1 : PLAIN_FACTOR)
  );
}

function describe({ kind, detail, labels = [] }: Flow['source']): string {
  const named = detail === undefined ? kind : `${kind} ${detail}`;
  const titles = labels.map((label) => shippedPii().describe(label)?.title ?? label);
  return titles.length === 0
    ? named
    : `${named} with ${titles.slice(0, 4).join(', ')}${titles.length > 4 ? ' and more' : ''}`;
}
