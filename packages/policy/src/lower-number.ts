import { type Expression, PolicyError } from './expression.ts';
import { isActivityType, RUN_METRICS } from './facts.ts';
import { article, resolveFact, type Scope } from './scope.ts';

const UNITS: Readonly<Record<string, number>> = { kb: 1_000, mb: 1_000_000, gb: 1_000_000_000 };

/** A number that a condition asks for: a fact, or the size of a list fact. */
export interface NumberAsked {
  readonly fact: string;
  readonly isSize: boolean;
}

/** Value of a number, or of `kb(n)`, `mb(n)`, `gb(n)`; undefined for anything else. */
export function lowerNumber(expression: Expression): number | undefined {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind !== 'call') return undefined;
  const unit = Object.hasOwn(UNITS, expression.name) ? UNITS[expression.name] : undefined;
  const [first, ...more] = expression.args;
  if (unit === undefined || first?.kind !== 'number' || more.length > 0) return undefined;
  const value = first.value * unit;
  if (!Number.isSafeInteger(value)) throw new PolicyError('numbers lie within 2^53', expression.at);
  return value;
}

/** The number behind `fact`, `list.size()`, `run.sum(type, metric)` or `run.count(type)`. */
export function numberOf(expression: Expression, scope: Scope): NumberAsked {
  if (expression.kind === 'fact') {
    const { name, type } = resolveFact(expression, scope);
    if (type !== 'int') throw new PolicyError(`${name} is ${article(type)}, not a number`, expression.at);
    return { fact: name, isSize: false };
  }
  if (expression.kind === 'method' && expression.subject.kind === 'fact') {
    const { subject, name, args } = expression;
    if (subject.name === 'run' && (name === 'sum' || name === 'count')) return runTotal(expression.at, name, args);
    if (name === 'size' && args.length === 0) {
      const found = resolveFact(subject, scope);
      if (found.type !== 'string[]')
        throw new PolicyError(`${found.name} is ${article(found.type)}, not a list`, subject.at);
      return { fact: found.name, isSize: true };
    }
  }
  throw new PolicyError(
    'a number is missing',
    expression.at,
    'a fact, list.size(), run.sum(type, metric), run.count(type)',
  );
}

function runTotal(at: number, name: string, args: readonly Expression[]): NumberAsked {
  const [type, metric, ...more] = args;
  const wanted = name === 'count' ? 'count' : metric?.kind === 'text' ? metric.value : '';
  if (
    type?.kind !== 'text' ||
    !isActivityType(type.value) ||
    more.length > 0 ||
    (name === 'count' && metric !== undefined)
  )
    throw new PolicyError(
      `run.${name} takes an activity type${name === 'sum' ? ' and a metric' : ''}`,
      at,
      'such as run.sum("db.query", "rows")',
    );
  if (!(RUN_METRICS as readonly string[]).includes(wanted))
    throw new PolicyError(`${wanted || 'this'} is no metric`, at, `metrics: ${RUN_METRICS.join(', ')}`);
  return { fact: `run.sum.${type.value}.${wanted}`, isSize: false };
}
