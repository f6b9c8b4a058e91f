import type { SyntaxNode } from '../parse.ts';

/** Marks of the sources whose data a value may carry, rising: the number of the source and how sure that is. */
export type Taint = readonly number[];

/** How sure it is that data arrives: along a chain that is known link by link, through something unknown, or by nearness. */
export const DIRECT = 0;
export const THROUGH_UNKNOWN = 1;
export const BY_NEARNESS = 2;

/** Above all numbers of sources, so that surer marks stand first and survive a cut. */
const GRADE_STEP = 2 ** 20;

/** Number of the source of a mark. */
export function sourceOf(mark: number): number {
  return mark % GRADE_STEP;
}

/** How sure a mark is. */
export function gradeOf(mark: number): number {
  return Math.floor(mark / GRADE_STEP);
}

/** The same sources, no surer than `grade`. */
export function weakened(taint: Taint, grade: number): Taint {
  if (taint.every((mark) => mark >= grade * GRADE_STEP)) return taint;
  const marks = taint.map((mark) => sourceOf(mark) + Math.max(gradeOf(mark), grade) * GRADE_STEP);
  return [...new Set(marks)].sort((a, b) => a - b);
}

/** Carries nothing. */
export const CLEAN: Taint = [];

/** Most sources that one value is followed for; scripts that people write stay far below. */
const MAX_TAINT = 24;

/** The sources of both. */
export function joinTaint(a: Taint, b: Taint): Taint {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  let isWithin = true;
  for (const source of b) {
    if (!a.includes(source)) {
      isWithin = false;
      break;
    }
  }
  if (isWithin) return a;
  const joined = [...a];
  for (const source of b) if (!joined.includes(source)) joined.push(source);
  joined.sort((x, y) => x - y);
  return joined.length > MAX_TAINT ? joined.slice(0, MAX_TAINT) : joined;
}

/** A file as the script opened it. */
export interface OpenedFile {
  readonly path: string;
  readonly isRead: boolean;
  readonly isWritten: boolean;
}

/** Something with identity that changes: an object, a list, a workbook, a mail being built. */
export interface Thing {
  taint: Taint;
  file: OpenedFile | undefined;
  /** Attributes and constant keys that were set. */
  readonly fields: Map<string, Value>;
  /** What it was made around, such as the file inside a CSV writer. */
  inner: Thing | undefined;
}

/** A function of the file. */
export interface LocalFunction {
  readonly kind: 'function';
  readonly name: string;
  readonly node: SyntaxNode;
  readonly body: SyntaxNode | undefined;
  readonly scope: Scope;
  readonly owner: LocalClass | undefined;
  readonly isStatic: boolean;
  readonly isProperty: boolean;
  /** Round in which its body was last evaluated. */
  round: number;
  isActive: boolean;
}

/** A class of the file; its objects share one thing. */
export interface LocalClass {
  readonly kind: 'class';
  readonly name: string;
  readonly scope: Scope;
  /** Dotted name of the first base that is not of this file. */
  readonly baseName: string | undefined;
  readonly bases: readonly LocalClass[];
  readonly self: Value;
}

/** What a value is known to be. Never changed; `thing` is the part that has identity. */
export class Value {
  /** Constant text, with holes for unknown parts; undefined where it is no text or not known at all. */
  readonly text: string | undefined;
  /** Dotted name of the module, class or function that it is. */
  readonly ref: string | undefined;
  /** Dotted name of what it is an object of, or was returned by. */
  readonly type: string | undefined;
  readonly taint: Taint;
  readonly thing: Thing | undefined;
  readonly local: LocalFunction | LocalClass | undefined;
  /** The object that a method was taken from. */
  readonly self: Value | undefined;
  readonly items: readonly Value[] | undefined;
  /** Where it came into being: equal numbers, equal values. */
  readonly id: number;

  constructor(id: number, parts: ValueParts) {
    this.id = id;
    this.text = parts.text;
    this.ref = parts.ref;
    this.type = parts.type;
    this.taint = parts.taint ?? CLEAN;
    this.thing = parts.thing;
    this.local = parts.local;
    this.self = parts.self;
    this.items = parts.items;
  }

  /** The same value with some of its parts changed. */
  changed(parts: ValueParts): Value {
    const { text, ref, type, taint, thing, local, self, items } = this;
    return new Value(parts.id ?? this.id, { text, ref, type, taint, thing, local, self, items, ...parts });
  }
}

/** What is known of a value. */
export interface ValueParts {
  id?: number;
  text?: string | undefined;
  ref?: string | undefined;
  type?: string | undefined;
  taint?: Taint | undefined;
  thing?: Thing | undefined;
  local?: LocalFunction | LocalClass | undefined;
  self?: Value | undefined;
  items?: readonly Value[] | undefined;
}

/** Nothing known, nothing carried. */
export const UNKNOWN = new Value(-1, {});

/** The value `None`, `True`, `False` or a number: known and without interest. */
export const PLAIN = new Value(-2, { type: 'plain' });

/** A new thing. */
export function newThing(): Thing {
  return { taint: CLEAN, file: undefined, fields: new Map(), inner: undefined };
}

/** All that a value carries: its own, its thing's and its items'. */
export function taintOf(value: Value, depth = 0): Taint {
  let taint = value.taint;
  if (value.thing !== undefined) {
    taint = joinTaint(taint, value.thing.taint);
    if (value.thing.inner !== undefined) taint = joinTaint(taint, value.thing.inner.taint);
    if (depth < 3) for (const field of value.thing.fields.values()) taint = joinTaint(taint, taintOf(field, depth + 1));
  }
  if (value.items !== undefined && depth < 3) {
    for (const item of value.items) taint = joinTaint(taint, taintOf(item, depth + 1));
  }
  return taint;
}

/** The same value, carrying more. */
export function withTaint(value: Value, taint: Taint): Value {
  const joined = joinTaint(value.taint, taint);
  return joined === value.taint ? value : value.changed({ taint: joined });
}

/** What a name may hold after either of two assignments: what the later says, and what only the earlier knows. */
export function joinValues(earlier: Value, later: Value): Value {
  if (earlier === later) return later;
  const isLaterKnown = later.ref !== undefined || later.local !== undefined || isTyped(later);
  const kept = isLaterKnown || later.text !== undefined ? later : earlier;
  const carried = joinTaint(taintOf(earlier), later.taint);
  const hasMore =
    kept !== later || carried !== later.taint || (later.items?.length === 0 && earlier.items !== undefined);
  if (!hasMore) return later;
  return kept.changed({
    taint: carried,
    thing: kept.thing ?? earlier.thing,
    items: kept.items === undefined || kept.items.length > 0 ? kept.items : earlier.items,
  });
}

function isTyped(value: Value): boolean {
  return value.type !== undefined && value.type !== 'plain' && !value.type.startsWith('?');
}

/** Names and what they hold. */
export interface Scope {
  readonly names: Map<string, Value>;
  readonly parent: Scope | undefined;
  readonly isClass: boolean;
  /** Names declared global or nonlocal. */
  readonly outer: Set<string>;
}

/** A new scope. */
export function newScope(parent: Scope | undefined, isClass = false): Scope {
  return { names: new Map(), parent, isClass, outer: new Set() };
}
