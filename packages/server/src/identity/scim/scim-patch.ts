import { ScimError } from './scim-error.ts';
import type { ScimPatch } from './scim-shapes.ts';
import { SCHEMA } from './scim-shapes.ts';

type Resource = Record<string, unknown>;

/**
 * A resource after a change. Understands attributes, sub-attributes, filtered multi-values such as
 * `members[value eq "…"]` and `emails[type eq "work"].value`, and changes without a path.
 * Source: RFC 7644, section 3.5.2.
 */
export function patched(resource: Readonly<Resource>, { Operations }: ScimPatch): Resource {
  const changed = structuredClone(resource) as Resource;
  for (const { op, path, value } of Operations) {
    if (path === undefined || path === null || path === '') {
      if (op === 'remove' || typeof value !== 'object' || value === null || Array.isArray(value))
        throw new ScimError(400, 'a change without a path needs an object as its value', 'invalidValue');
      for (const [name, item] of Object.entries(value)) applyPath(changed, op, name, item);
    } else applyPath(changed, op, path, value);
  }
  return changed;
}

function applyPath(resource: Resource, op: 'add' | 'replace' | 'remove', path: string, value: unknown): void {
  const { holder, rest } = enterExtension(resource, path);
  const filtered = /^(\w+)\[\s*(\w+)\s+eq\s+"([^"]*)"\s*\](?:\.(\w+))?$/i.exec(rest);
  if (filtered !== null) {
    const [, name = '', key = '', wanted = '', part] = filtered;
    applyFiltered(holder, op, { name, key, wanted, part }, value);
    return;
  }
  const plain = /^(\w+)(?:\.(\w+))?$/.exec(rest);
  if (plain === null) throw new ScimError(400, `the path "${path}" is not understood`, 'invalidPath');
  const [, name = '', part] = plain;
  const key = ownName(holder, name);
  if (part !== undefined) {
    const inner = asObject(holder[key]);
    if (op === 'remove') delete inner[ownName(inner, part)];
    else inner[ownName(inner, part)] = value;
    holder[key] = inner;
  } else if (Array.isArray(holder[key]) && op === 'add') {
    holder[key] = merge(holder[key] as unknown[], value);
  } else if (Array.isArray(holder[key]) && op === 'remove' && Array.isArray(value)) {
    // Some directories name whom to remove in the value.
    const gone = new Set(value.map((item) => asObject(item)['value']));
    holder[key] = (holder[key] as unknown[]).filter((item) => !gone.has(asObject(item)['value']));
  } else if (op === 'remove') delete holder[key];
  else holder[key] = value;
}

function applyFiltered(
  holder: Resource,
  op: 'add' | 'replace' | 'remove',
  { name, key, wanted, part }: { name: string; key: string; wanted: string; part: string | undefined },
  value: unknown,
): void {
  const list = Array.isArray(holder[name]) ? (holder[name] as unknown[]) : [];
  const fits = (item: unknown) => textOf(asObject(item)[key]) === wanted;
  if (op === 'remove') holder[name] = list.filter((item) => !fits(item));
  else if (part === undefined) holder[name] = [...list.filter((item) => !fits(item)), value];
  else if (list.some(fits)) for (const item of list.filter(fits)) asObject(item)[part] = value;
  else holder[name] = [...list, { [key]: wanted, [part]: value }];
}

/** Steps into the extension that a path begins with: its name has dots and colons of its own. */
function enterExtension(resource: Resource, path: string): { holder: Resource; rest: string } {
  const prefix = `${SCHEMA.enterprise}:`;
  if (!path.startsWith(prefix)) {
    if (path !== SCHEMA.enterprise) return { holder: resource, rest: path.replace(`${SCHEMA.user}:`, '') };
    throw new ScimError(400, 'name the attribute of the extension', 'invalidPath');
  }
  const inner = asObject(resource[SCHEMA.enterprise]);
  resource[SCHEMA.enterprise] = inner;
  return { holder: inner, rest: path.slice(prefix.length) };
}

/** Names of attributes are told apart without regard to case. Source: RFC 7643, section 2.1. */
function ownName(holder: Resource, name: string): string {
  return Object.keys(holder).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}

function asObject(value: unknown): Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : {};
}

function merge(list: readonly unknown[], value: unknown): unknown[] {
  const added: readonly unknown[] = Array.isArray(value) ? value : [value];
  const known = new Set(list.map((item) => asObject(item)['value']));
  return [...list, ...added.filter((item) => !known.has(asObject(item)['value']))];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? `${value}` : undefined;
}
