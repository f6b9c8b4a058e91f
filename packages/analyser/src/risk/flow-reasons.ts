import type { Analysis, Flow, Reach } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import { shippedPii } from '../pii/find-pii.ts';
import { dataPlaceWord } from './data-place-word.ts';
import { REACH_WORDS } from './reach-words.ts';
import { certaintyOf, type Reason } from './reason.ts';

const OUTSIDE: ReadonlySet<Reach> = new Set(['personal-cloud', 'mail-outside', 'llm-provider', 'messaging', 'unknown']);
/** Sources that hold what a business lives on. */
const BUSINESS = /(?:sap|db|database|sheet|excel|mail|outlook|crm|erp)/i;
const PERSONAL = /(?:\bpii\b|personal|iban|salary|patient|birth|ssn|passport)/i;

/** Points of data that could leave. */
export function flowReasons({ flows }: Analysis): Reason[] {
  return flows.flatMap((flow): Reason[] => {
    const weight = weightOf(flow) * certaintyOf(flow.confidence);
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
        ...(hasFloor ? { floor: basePack().risk.floors.personalOutside } : {}),
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
  const { points } = basePack();
  const text = `${source.kind} ${source.detail ?? ''}`;
  if (OUTSIDE.has(reach) && holdsPersonal(source))
    return reach === 'llm-provider' ? points.personal.llmProvider : points.personal.outside;
  if (OUTSIDE.has(reach) && /secret|credential/.test(source.kind)) return points.secretOutside;
  return (points.flows[reach] ?? 0) * (BUSINESS.test(text) || source.labels !== undefined ? 1 : points.plainFlowFactor);
}

function describe({ kind, detail, labels = [] }: Flow['source']): string {
  const named = detail === undefined ? dataPlaceWord(kind) : `${dataPlaceWord(kind)} ${detail}`;
  const titles = labels.map((label) => shippedPii().describe(label)?.title ?? label);
  return titles.length === 0
    ? named
    : `${named} with ${titles.slice(0, 4).join(', ')}${titles.length > 4 ? ' and more' : ''}`;
}
