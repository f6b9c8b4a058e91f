import { ScimError } from './scim-error.ts';

/**
 * The attribute and the value of a filter such as `userName eq "ann"`: what directories look people and groups up by.
 * @throws ScimError `invalidFilter` for any other.
 */
export function readFilter(
  filter: string | undefined,
  attributes: readonly string[],
): { attribute: string; value: string } | undefined {
  if (filter === undefined || filter.trim() === '') return undefined;
  const found = /^\s*([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(filter);
  const attribute = attributes.find((name) => name.toLowerCase() === found?.[1]?.toLowerCase());
  if (found === null || attribute === undefined)
    throw new ScimError(400, `only these are understood: ${attributes.join(', ')} with eq`, 'invalidFilter');
  try {
    return { attribute, value: JSON.parse(found[2] ?? '""') as string };
  } catch {
    throw new ScimError(400, 'the value is no text', 'invalidFilter');
  }
}
