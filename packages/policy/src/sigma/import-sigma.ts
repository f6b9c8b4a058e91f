import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { factOf } from '../facts.ts';
import { readPolicy } from '../read-policy.ts';
import { readSigmaCondition, type SigmaExpression, SigmaUnfit } from './sigma-condition.ts';
import { type SigmaCategory, sigmaCategories } from './sigma-fields.ts';
import { readSigmaText, type SigmaOpening } from './sigma-values.ts';

/** What became of one Sigma rule. */
export type ImportedRule =
  | { readonly title: string; readonly policy: string; readonly unfit?: never }
  /** Says what does not fit; nothing of the rule is taken then, as a part of it would mean something else. */
  | { readonly title: string; readonly unfit: string; readonly policy?: never };

const Rule = z.object({
  title: z.string().min(1),
  id: z.string().optional(),
  description: z.string().optional(),
  author: z.string().optional(),
  level: z.enum(['informational', 'low', 'medium', 'high', 'critical']).default('medium'),
  tags: z.array(z.string()).default([]),
  logsource: z.object({
    category: z.string().optional(),
    product: z.string().optional(),
    service: z.string().optional(),
  }),
  detection: z.record(z.string(), z.unknown()),
});
type Rule = z.infer<typeof Rule>;

/** Turns a file of Sigma rules into policies that observe. */
export function importSigma(text: string): ImportedRule[] {
  return parseAllDocuments(text, { merge: true }).map((document): ImportedRule => {
    if (document.errors.length > 0)
      return { title: '(no rule)', unfit: `it is no YAML: ${document.errors[0]?.message.split('\n')[0] ?? ''}` };
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 20 });
    } catch (error) {
      // An alias without its anchor, too many of them, a merge of what is no map.
      return { title: '(no rule)', unfit: `it is no YAML: ${(error as Error).message}` };
    }
    const parsed = Rule.safeParse(value);
    if (!parsed.success) {
      const { title } = z.object({ title: z.string() }).safeParse(value).data ?? { title: '(no rule)' };
      const issue = parsed.error.issues[0];
      return { title, unfit: `it is no detection rule: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` };
    }
    const { title } = parsed.data;
    try {
      return { title, policy: policyOf(parsed.data) };
    } catch (error) {
      if (!(error instanceof SigmaUnfit)) throw error;
      return { title, unfit: error.message };
    }
  });
}

function policyOf(rule: Rule): string {
  const { category, product, service } = rule.logsource;
  const found =
    category !== undefined && Object.hasOwn(sigmaCategories, category) ? sigmaCategories[category] : undefined;
  if (found === undefined)
    throw new SigmaUnfit(
      `log source ${[category, product, service].filter((part) => part !== undefined).join('/')}; those that fit: ${Object.keys(sigmaCategories).join(', ')}`,
    );
  const { condition, timeframe, ...searches } = rule.detection;
  if (timeframe !== undefined) throw new SigmaUnfit('a time frame');
  const conditions = [condition].flat();
  if (!conditions.every((one) => typeof one === 'string') || conditions.length === 0)
    throw new SigmaUnfit('a rule without a condition');
  const names = Object.keys(searches);
  const parts = conditions.map((one) =>
    expressionText(readSigmaCondition(one, names), (name) => searchText(searches[name], found)),
  );
  const asked = parts.length === 1 ? (parts[0] ?? '') : parts.map((part) => `(${part})`).join(' || ');
  const when = found.guard === undefined ? asked : `${found.guard} && (${asked})`;
  const id = slug(rule.title);
  const text = stringify(
    {
      id,
      version: 1,
      title: rule.title,
      description: [
        rule.description?.trim(),
        `From the Sigma rule ${rule.id ?? rule.title}${rule.author === undefined ? '' : ` by ${rule.author}`}.`,
      ]
        .filter((part) => part !== undefined && part !== '')
        .join('\n'),
      mode: 'monitor',
      statements: [
        {
          id: 'rule',
          activity: found.activities.length === 1 ? found.activities[0] : [...found.activities],
          effect: 'observe',
          severity: rule.level === 'informational' ? 'info' : rule.level,
          when,
          explain: rule.title,
          ...(rule.tags.length === 0 ? {} : { controls: rule.tags.map((tag) => `SIGMA:${tag}`) }),
        },
      ],
    },
    { lineWidth: 0 },
  );
  const { compiled, faults } = readPolicy(text);
  if (compiled === undefined) throw new SigmaUnfit(faults[0]?.message ?? 'what the policy language cannot say');
  return text;
}

function expressionText(expression: SigmaExpression, search: (name: string) => string): string {
  switch (expression.kind) {
    case 'search':
      return search(expression.name);
    case 'not':
      return `!(${expressionText(expression.part, search)})`;
    case 'and':
    case 'or':
      return expression.parts
        .map((part) => `(${expressionText(part, search)})`)
        .join(expression.kind === 'and' ? ' && ' : ' || ');
    default:
      return expression satisfies never;
  }
}

/** A search: a map of fields that must all fit, or a list of maps of which one must. */
function searchText(search: unknown, category: SigmaCategory): string {
  if (Array.isArray(search)) {
    if (search.some((one) => typeof one !== 'object' || one === null))
      throw new SigmaUnfit('words that may stand in any field');
    return search.map((one) => `(${searchText(one, category)})`).join(' || ');
  }
  if (typeof search !== 'object' || search === null) throw new SigmaUnfit('words that may stand in any field');
  const fields = Object.entries(search);
  if (fields.length === 0) throw new SigmaUnfit('an empty search');
  return fields.map(([field, value]) => fieldText(field, value, category)).join(' && ');
}

function fieldText(field: string, value: unknown, { fields, activities }: SigmaCategory): string {
  const [name = '', ...modifiers] = field.split('|');
  const target = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (target === undefined) throw new SigmaUnfit(`the field ${name}`);
  if (typeof target === 'string') throw new SigmaUnfit(`the field ${name}: ${target}`);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if ('always' in target) {
    if (values.every((one) => String(one).toLowerCase() === target.always)) return 'true';
    throw new SigmaUnfit(`${name} that is not ${target.always}`);
  }
  const { fact } = target;
  if (modifiers.includes('exists')) {
    return values.every((one) => one === true || one === 'true') ? `has(${fact})` : `!has(${fact})`;
  }
  const known = new Set(['contains', 'startswith', 'endswith', 'all', 'cidr', 'cased', 'lt', 'lte', 'gt', 'gte']);
  const foreign = modifiers.find((modifier) => !known.has(modifier));
  if (foreign !== undefined)
    throw new SigmaUnfit(
      `the modifier ${foreign}${foreign === 're' ? ': the policy language has no regular expressions' : ''}`,
    );
  const isNumber = factOf(fact, activities)?.type === 'int';
  const questions = values.map((one) => questionText(fact, one, modifiers, isNumber));
  const [only] = questions;
  if (questions.length === 1 && only !== undefined) return only;
  return `(${questions.join(modifiers.includes('all') ? ' && ' : ' || ')})`;
}

const COMPARISONS: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

function questionText(fact: string, value: unknown, modifiers: readonly string[], isNumber: boolean): string {
  if (value === null) return `!has(${fact})`;
  if (isNumber) {
    const number = typeof value === 'number' ? value : Number(value);
    if (!Number.isSafeInteger(number)) throw new SigmaUnfit(`a value of the number ${fact} that is no whole number`);
    const comparison = modifiers.map((modifier) => COMPARISONS[modifier]).find((one) => one !== undefined) ?? '==';
    return `${fact} ${comparison} ${number}`;
  }
  if (modifiers.some((modifier) => modifier in COMPARISONS)) throw new SigmaUnfit(`a comparison of the text ${fact}`);
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new SigmaUnfit(`a value of ${fact} that is no text`);
  const text = String(value);
  if (modifiers.includes('cidr')) return `${fact}.inNet(${quoted(text)})`;
  const opening = modifiers.find((one): one is SigmaOpening => ['contains', 'startswith', 'endswith'].includes(one));
  const asked = readSigmaText(text, opening);
  const isCased = modifiers.includes('cased');
  if (asked.kind === 'glob') {
    if (isCased) throw new SigmaUnfit('wildcards inside a text with case');
    return `${fact}.glob(${quoted(asked.text)})`;
  }
  if (asked.text === '') return asked.kind === 'is' ? `${fact} == ""` : `has(${fact})`;
  const subject = isCased ? fact : `${fact}.lower()`;
  const plain = quoted(isCased ? asked.text : asked.text.toLowerCase());
  return asked.kind === 'is' ? `${subject} == ${plain}` : `${subject}.${asked.kind}(${plain})`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function slug(title: string): string {
  const plain = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 57)
    .replace(/-+$/, '');
  return `sigma-${plain === '' ? 'rule' : plain}`;
}
