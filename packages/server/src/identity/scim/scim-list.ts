import { ScimError } from './scim-error.ts';
import { readFilter } from './scim-filter.ts';
import { SCHEMA, ScimQuery } from './scim-shapes.ts';

/** What is listed, and how. */
export interface ScimListing<Row> {
  /** Attributes that a filter may ask for. */
  readonly attributes: readonly string[];
  readonly maxCount: number;
  /** Rows that fit the filter, in their order. */
  readonly find: (wanted: { attribute: string; value: string } | undefined) => {
    total(): Promise<number>;
    page(offset: number, limit: number): Promise<readonly Row[]>;
  };
  readonly show: (row: Row) => Promise<Record<string, unknown>>;
}

/**
 * A page of resources. Source: RFC 7644, section 3.4.2.
 * @throws ScimError where the query does not fit.
 */
export async function scimList<Row>(
  query: unknown,
  { attributes, maxCount, find, show }: ScimListing<Row>,
): Promise<Record<string, unknown>> {
  const read = ScimQuery.safeParse(query);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new ScimError(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`, 'invalidValue');
  }
  const startIndex = Math.max(read.data.startIndex, 1);
  const found = find(readFilter(read.data.filter, attributes));
  const totalResults = await found.total();
  const page = await found.page(startIndex - 1, Math.min(read.data.count, maxCount));
  return {
    schemas: [SCHEMA.list],
    totalResults,
    startIndex,
    itemsPerPage: page.length,
    Resources: await Promise.all(page.map(show)),
  };
}
