import type { DataLabel, SourcePlace } from '@sentinel/protocol';
import type { SyntaxNode } from '../parse.ts';
import { foldName, shippedPii } from '../pii/find-pii.ts';
import type { CallFact, Facts } from '../semantics/facts.ts';
import { sourceOf } from '../semantics/value.ts';

/** Labels of the data that a text works with. */
export interface DataLabels {
  /** Kinds by their names, with where they show. */
  readonly labels: DataLabel[];
  /** Kinds that the data of a source holds, by the node of the source; sorted. */
  readonly ofSource: (node: SyntaxNode) => readonly string[];
}

interface NamedColumn {
  readonly name: string;
  readonly node: SyntaxNode;
  /** Sources whose data it is a part of; none where that is not known. */
  readonly sources: readonly SyntaxNode[];
  /** Whether it may as well be a key of something of the program itself, such as `config['address']`. */
  readonly isUnlinked: boolean;
}

/** Categories whose names mean nothing else. */
const SPECIFIC = new Set(['national-id', 'financial', 'special']);

/** Arguments that list columns. */
const COLUMN_ARGUMENTS = ['usecols', 'columns', 'names', 'fieldnames', 'subset', 'fields'];
const MAX_QUERY_UNITS = 4_000;
const MAX_EVIDENCE = 10;
/** Kinds of sources that hold rows. */
const ROWS = /^(?:db|csv|spreadsheet|gui\.sap|files\.read)/;

/** Kinds of personal and confidential data that columns, keys and queries of a text name. */
export function findDataLabels(facts: Facts, placeOf: (node: SyntaxNode) => SourcePlace): DataLabels {
  const finder = shippedPii();
  const byKind = new Map<string, NamedColumn[]>();
  for (const column of namedColumns(facts)) {
    const kind = finder.kindOfColumn(column.name);
    if (kind === undefined || (column.isUnlinked && !SPECIFIC.has(finder.describe(kind)?.category ?? ''))) continue;
    byKind.set(kind, [...(byKind.get(kind) ?? []), column]);
  }
  // A bare `name` is the name of anything, unless something of a person stands beside it.
  const names = byKind.get('person-name');
  if (byKind.size === 1 && names?.every(({ name }) => foldName(name) === 'name') === true) byKind.clear();
  const bySource = new Map<SyntaxNode, Set<string>>();
  const rows = [...new Set(facts.sources.filter(({ kind }) => ROWS.test(kind)).map(({ node }) => node))];
  for (const [kind, columns] of byKind) {
    for (const { sources } of columns) {
      // Where the link is not known and there is one source of rows only, it is that one.
      const nodes = sources.length > 0 ? sources : rows.length === 1 ? rows : [];
      for (const node of nodes) bySource.set(node, (bySource.get(node) ?? new Set()).add(kind));
    }
  }
  return {
    labels: [...byKind]
      .map(([kind, columns]) => ({
        kind,
        names: [...new Set(columns.map(({ name }) => name.trim().slice(0, 80)))].sort(),
        evidence: placesOf(columns, placeOf),
      }))
      .sort((left, right) => (left.kind < right.kind ? -1 : 1)),
    ofSource: (node) => [...(bySource.get(node) ?? [])].sort(),
  };
}

function placesOf(columns: readonly NamedColumn[], placeOf: (node: SyntaxNode) => SourcePlace): SourcePlace[] {
  const places = new Map<string, SourcePlace>();
  for (const { node } of columns) {
    const place = placeOf(node);
    places.set(`${place.cell ?? ''}:${place.line}`, place);
  }
  return [...places.values()].slice(0, MAX_EVIDENCE);
}

/** Names of columns and keys with the sources of their data. */
function* namedColumns({ columns, calls, sources }: Facts): Generator<NamedColumn> {
  for (const { names, node, taint } of columns) {
    const from = taint.flatMap((mark) => sources[sourceOf(mark)]?.node ?? []);
    for (const name of names) yield { name, node, sources: from, isUnlinked: from.length === 0 };
  }
  const isSource = new Set(sources.map(({ node }) => node));
  for (const call of calls) {
    const own = isSource.has(call.node) ? [call.node] : [];
    if (own.length > 0) {
      for (const argument of COLUMN_ARGUMENTS) {
        for (const { text } of call.keywords.get(argument)?.items ?? [])
          if (text !== undefined) yield { name: text, node: call.node, sources: own, isUnlinked: false };
      }
    }
    const query = queryOf(call);
    if (query === undefined) continue;
    for (const name of columnsOfQuery(query)) yield { name, node: call.node, sources: own, isUnlinked: false };
  }
}

function queryOf({ args, keywords }: CallFact): string | undefined {
  for (const { text } of [...args.slice(0, 2), ...keywords.values()]) {
    if (text !== undefined && text.length <= MAX_QUERY_UNITS && /^\s{0,40}(?:select|with)\s/i.test(text)) return text;
  }
  return undefined;
}

/** Columns between SELECT and FROM; of functions and aliases their words. */
export function columnsOfQuery(query: string): string[] {
  const lists = query.split(/\bselect\b/i).slice(1);
  return lists.flatMap((list) =>
    (/^[\s\S]*?(?=\bfrom\b|$)/i.exec(list)?.[0] ?? '')
      .split(/[^\p{L}\p{N}_"`[\].]+/u)
      .map((word) => word.slice(word.lastIndexOf('.') + 1).replace(/["`[\]]/g, ''))
      .filter((word) => word !== '' && !/^(?:as|distinct|top|case|when|then|else|end|and|or|null|\d+)$/i.test(word)),
  );
}
