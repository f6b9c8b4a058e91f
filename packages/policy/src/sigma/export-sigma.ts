import type { CompiledStatement, Policy, PolicyCondition, PolicyTest } from '@sentinel/protocol';
import { stringify } from 'yaml';
import { compilePolicy } from '../compile-policy.ts';
import { plainFold } from './plain-fold.ts';
import { type SigmaCategory, sigmaCategories } from './sigma-fields.ts';
import { writeSigmaText } from './sigma-values.ts';

/** What became of one statement. */
export type ExportedStatement =
  | { readonly statementId: string; readonly rule: string; readonly notes: readonly string[]; readonly unfit?: never }
  | { readonly statementId: string; readonly unfit: string; readonly rule?: never };

/** Categories that one of our activity types is, for statements without more. */
const CATEGORY: Readonly<Record<string, string>> = {
  'process.spawn': 'process_creation',
  'net.connect': 'network_connection',
  'dns.resolve': 'dns_query',
  'file.change': 'file_change',
};

/**
 * Writes the statements of a policy as Sigma rules. Where Sigma has a category for the activity its field names are used; every other
 * fact keeps our name under the log source `product: sentinel`, which a SIEM maps by the exported attribute names.
 */
export function exportSigma(policy: Policy): ExportedStatement[] {
  const { policy: compiled } = compilePolicy(policy);
  if (compiled === undefined) throw new Error('the policy has errors');
  return compiled.statements.map((statement): ExportedStatement => {
    const detection = detectionOf(statement);
    if (typeof detection === 'string') return { statementId: statement.id, unfit: detection };
    const source = policy.statements.find(({ id }) => id === statement.id);
    const notes = [
      ...(statement.matchesUnknown ? ['it also matches where facts are missing, which Sigma cannot say'] : []),
      ...(statement.effect === 'observe' ? [] : [`its effect, ${statement.effect}, is not part of a Sigma rule`]),
    ];
    const techniques = (source?.controls ?? [])
      .map((control) => /^SIGMA:(.+)$/.exec(control)?.[1])
      .filter((tag) => tag !== undefined);
    const rule = stringify(
      {
        title: source?.title ?? `${policy.title}: ${statement.id}`,
        name: `${policy.id}_${statement.id}`,
        status: 'experimental',
        description: [statement.reason, ...notes.map((note) => `Note: ${note}.`)].join('\n'),
        ...(techniques.length === 0 ? {} : { tags: techniques }),
        logsource: detection.logsource,
        detection: detection.searches,
        level: statement.severity === 'info' ? 'informational' : statement.severity,
      },
      { lineWidth: 0 },
    );
    return { statementId: statement.id, rule, notes };
  });
}

interface Detection {
  readonly logsource: Readonly<Record<string, string>>;
  readonly searches: Readonly<Record<string, unknown>>;
}

function detectionOf({ activities, when, except }: CompiledStatement): Detection | string {
  const [activity = ''] = activities;
  const name = activities.length === 1 ? CATEGORY[activity] : undefined;
  const category = name === undefined ? undefined : sigmaCategories[name];
  const isOwn =
    category === undefined || [...when, ...except].flat().some(({ fact }) => fieldOf(fact, category) === undefined);
  const fields = isOwn ? undefined : category;
  const searches: Record<string, unknown> = {};
  const whenText = alternatives(when, 'selection', fields, searches);
  if (whenText instanceof Error) return whenText.message;
  const exceptText = alternatives(except, 'except', fields, searches);
  if (exceptText instanceof Error) return exceptText.message;
  if (isOwn) searches['activity'] = { 'activity.type': activities.length === 1 ? activity : [...activities] };
  const condition = [
    ...(isOwn ? ['activity'] : []),
    ...(whenText === '' ? [] : [whenText]),
    ...(exceptText === '' ? [] : [`not (${exceptText})`]),
  ].join(' and ');
  if (condition === '') return 'it is about every activity of its type';
  return {
    logsource: isOwn ? { product: 'sentinel' } : { category: name ?? '' },
    searches: { ...searches, condition },
  };
}

/** Writes alternatives as searches; gives how they hang together, nothing where all is true. */
function alternatives(
  condition: PolicyCondition,
  prefix: string,
  fields: SigmaCategory | undefined,
  searches: Record<string, unknown>,
): string | Error {
  if (condition.some((tests) => tests.length === 0)) return '';
  const words: string[] = [];
  for (const [at, tests] of condition.entries()) {
    const parts: string[] = [];
    const positive: Record<string, unknown> = {};
    for (const test of tests) {
      const asked = searchOf(test, fields);
      if (typeof asked === 'string') return new Error(asked);
      if (test.isNegated === true || asked.field in positive) {
        const name = `${test.isNegated === true ? 'filter' : prefix}_${prefix}_${at}_${parts.length}`;
        searches[name] = { [asked.field]: asked.value };
        parts.push(test.isNegated === true ? `not ${name}` : name);
      } else positive[asked.field] = asked.value;
    }
    if (Object.keys(positive).length > 0) {
      const name = `${prefix}_${at}`;
      searches[name] = positive;
      parts.unshift(name);
    }
    words.push(parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' and ')})`);
  }
  return words.length > 1 ? `(${words.join(' or ')})` : (words[0] ?? '');
}

function fieldOf(fact: string, { fields }: SigmaCategory): string | undefined {
  return Object.entries(fields).find(
    ([, target]) => typeof target === 'object' && 'fact' in target && target.fact === fact,
  )?.[0];
}

function searchOf(
  { fact, operator, texts = [], number, isFolded }: PolicyTest,
  fields: SigmaCategory | undefined,
): { field: string; value: unknown } | string {
  const name = (fields === undefined ? undefined : fieldOf(fact, fields)) ?? fact;
  const cased = isFolded === true ? '' : '|cased';
  const values = (list: readonly string[]) => (list.length === 1 ? (list[0] ?? '') : [...list]);
  const plain = texts.map(writeSigmaText);
  switch (operator) {
    case 'in':
      return { field: `${name}${cased}`, value: values(plain) };
    case 'startsWith':
      return { field: `${name}|startswith${cased}`, value: values(plain) };
    case 'endsWith':
      return { field: `${name}|endswith${cased}`, value: values(plain) };
    case 'contains':
      return { field: `${name}|contains${cased}`, value: values(plain) };
    case 'glob':
      return { field: name, value: values(texts.flatMap(plainFold)) };
    case 'under':
      return { field: name, value: values(plain.flatMap((domain) => [domain, `*.${domain}`])) };
    case 'inNet':
      return { field: `${name}|cidr`, value: values([...texts]) };
    case 'known':
      return { field: `${name}|exists`, value: true };
    case 'is':
      return { field: name, value: 'true' };
    case 'eq':
      return { field: name, value: number ?? 0 };
    case 'lt':
      return { field: `${name}|lt`, value: number ?? 0 };
    case 'le':
      return { field: `${name}|lte`, value: number ?? 0 };
    case 'gt':
      return { field: `${name}|gt`, value: number ?? 0 };
    case 'ge':
      return { field: `${name}|gte`, value: number ?? 0 };
    case 'sizeEq':
    case 'sizeGe':
    case 'sizeGt':
    case 'sizeLe':
    case 'sizeLt':
      return `it asks how long ${fact} is, which Sigma cannot say`;
    default:
      return operator satisfies never;
  }
}
