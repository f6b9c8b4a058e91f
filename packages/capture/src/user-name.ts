import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';

const PASSWD = '/etc/passwd';

let known: { readonly mtimeMs: number; readonly names: ReadonlyMap<number, string> } | undefined;

/**
 * Account name of a numeric user id, read from the local account file; no directory service is asked.
 * @returns nothing where this computer's file does not know the id.
 */
export function userName(id: number, passwd = PASSWD): string | undefined {
  return accountNames(passwd).get(id) ?? ownName(id);
}

function accountNames(path: string): ReadonlyMap<number, string> {
  try {
    const { mtimeMs } = statSync(path);
    if (path !== PASSWD) return parseAccounts(readFileSync(path, 'utf8'));
    if (known?.mtimeMs !== mtimeMs) known = { mtimeMs, names: parseAccounts(readFileSync(path, 'utf8')) };
    return known.names;
  } catch {
    return new Map();
  }
}

/** Reads `name:password:uid:…` lines; the first name of an id wins, as it does in the C library. Source: passwd(5). */
function parseAccounts(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    if (name === undefined || name === '' || id === undefined || !/^\d+$/.test(id)) continue;
    if (!names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

function ownName(id: number): string | undefined {
  try {
    const own = userInfo();
    return own.uid === id ? own.username : undefined;
  } catch {
    return undefined;
  }
}
