import { normaliseName } from '../advisories/distribution-name.ts';

/** A requirement as written, with its exact version where it has one. */
export interface Requirement {
  /** Normalised. */
  readonly distribution: string;
  readonly version?: string;
  readonly specifier?: string;
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9._-]{0,120})\s*(?:\[[^\]]*\])?\s*(.*)$/s;
const SPECIFIER = /^(?:(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()]+\s*,?\s*)+$/;
const EXACT = /^={2,3}\s*([^\s,;*]+)$/;

/**
 * A requirement such as `requests[socks]>=2.31,<3; python_version > "3.8"`; undefined for paths and for what is none.
 *
 * Source: https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function parseRequirement(text: string): Requirement | undefined {
  if (text.length > 2_000) return undefined;
  const trimmed = text.trim();
  const egg = /^(?:git|hg|svn|bzr)?\+?[a-z]+(?:\+[a-z]+)?:\/\/[^#]*#(?:[^#]*&)?egg=([A-Za-z0-9._-]+)/.exec(
    trimmed,
  )?.[1];
  if (egg !== undefined) return { distribution: normaliseName(egg) };
  if (
    /^[./~\\]|^[A-Za-z]:[\\/]|^[a-z+]+:\/\/|[\\/]|\.(?:whl|zip|gz|txt|cfg|toml)$/i.test(
      trimmed.split(/[\s;@=<>!~[]/, 1)[0] ?? '',
    )
  ) {
    return undefined;
  }
  const match = NAME.exec(trimmed);
  if (match === null) return undefined;
  const distribution = normaliseName((match[1] ?? '').replace(/[._-]+$/, ''));
  const rest = (match[2] ?? '').split(';', 1)[0]?.trim() ?? '';
  if (rest.startsWith('@')) return { distribution };
  const specifier = rest.replace(/^\((.*)\)$/, '$1').trim();
  if (specifier === '') return { distribution };
  if (!SPECIFIER.test(specifier)) return undefined;
  const version = EXACT.exec(specifier)?.[1];
  return { distribution, ...(version === undefined ? {} : { version }), specifier: specifier.replace(/\s+/g, '') };
}
