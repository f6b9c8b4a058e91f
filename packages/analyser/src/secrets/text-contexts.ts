import type { Candidate, ContextRule } from './candidate.ts';
import { isDisclaimed, readName, type SecretName } from './name-model.ts';
import { entropyBits } from './value-measures.ts';
import { PLACEHOLDER, scoreValue, stepShare } from './value-model.ts';
import { coverByWords, isKnownWord } from './word-cover.ts';

/** What a text is: a file of its own, a literal of a program, or a comment. */
export type TextKind = 'file' | 'literal' | 'comment';

/** Parts of words that every name of a credential holds. */
const HOT =
  /pass|pwd|psw|passwort|secret|token|key|cred|auth|bearer|kennwort|ticket|verifier|signature|cookie|private|access|jwt|contrasena|senha|(?<![a-z])(?:pw|pat|mdp)(?![a-z])/gi;

const NAME_PART = /[A-Za-z0-9_.-]/;
const SEPARATOR =
  /["'`\])]{0,3}[ \t]{0,20}(?:=>|:=|===?|!==?|[:=])[ \t]{0,20}\(?(?:\n[ \t]{1,40}(?=["']))?(?:[rbuf]{1,2}(?=["']))?(["'`]?)/y;
const DOUBLED = /(?:\\?["'])?[ \t]{0,10}[:=][ \t]{0,10}\\(["'])/y;
const ARGUMENT = /["'][ \t]{0,4},[ \t]{0,4}(["'])/y;
const ELEMENT = /["']?>[ \t]{0,8}([^<\s]{4,300})[ \t]{0,8}<\//y;
const ATTRIBUTE = /["'][ \t]{1,8}value[ \t]{0,4}=[ \t]{0,4}["']([^"'\n]{4,400})["']/y;
const LOOSE =
  /["'`]?(?:[ \t]{1,12}|[ \t]{0,4}\n[ \t]{0,8}|[-.])(?:is[ \t]{1,4})?["'`]?([A-Za-z0-9][A-Za-z0-9_.+/~-]{10,400}[A-Za-z0-9_=]={0,1})(?=["'`\s,;)\]]|$)/y;
const BARE = /[^\s"'`<>,;|)\]}]{1,400}/y;
const USER_INFO = /([a-z][a-z0-9+.-]{1,20}):\/\/([^\s:@/"'`<>]{0,80}):([^\s"'`<>/]{1,120})@(?=[\w.[%{$-])/gi;
const HEADER = /\b(basic|bearer|token)(?:[ \t]{1,4}|%20)([A-Za-z0-9+/=._~-]{8,3000})/gi;
const USER_FLAG = /(?:^|[\s"'])(?:-u|--user|--proxy-user)[ =]["']?([^\s:"'/]{0,80}):([^\s"'@]{3,160})/g;
const FLAG = /(?:^|[\s"'])--?([A-Za-z][\w-]{2,40})[ \t]{1,4}["']?([^\s"'-][^\s"']{3,200})/g;
const NETRC = /\blogin[ \t\n]{1,8}[^\s]{1,80}[ \t\n]{1,8}password[ \t\n]{1,8}([^\s"']{3,120})/g;
const IDENTIFIED = /identified[ \t]{1,4}by[ \t]{1,4}(?:password[ \t]{1,4})?["']([^"'\n]{3,80})["']/gi;
/** Path, user and password of a directory. Source: Microsoft Learn, System.DirectoryServices.DirectoryEntry constructors. */
const DIRECTORY_LOGIN =
  /\bDirectoryEntry\([ \t]{0,4}["'][^"'\n]{1,160}["'],\s{0,20}["'][^"'\n]{1,80}["'],\s{0,20}["']([^"'\n]{3,80})["']/g;
const SHORT_PASSWORD =
  /\b(?:mysql|mysqldump|mysqladmin)\b[^\n]{0,120}?[ \t]-p([^\s"']{3,60})|\b(?:sshpass|docker[ \t]login|podman[ \t]login|az[ \t]login)\b[^\n]{0,160}?[ \t]-p[ \t]?["']?([^\s"'-][^\s"']{2,80})/g;

type Report = (candidate: Candidate) => void;

/** Reports every value in `text` that a name, a URL, a header or a command line says is a credential. */
export function scanText(text: string, kind: TextKind, report: Report): void {
  scanNames(text, kind, report);
  if (text.includes('://')) scanUserInfo(text, report);
  scanHeaders(text, report);
  if (text.includes('-')) scanCommands(text, kind, report);
  for (const pattern of [NETRC, DIRECTORY_LOGIN]) {
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? '';
      const index = match.index + match[0].lastIndexOf(value);
      emit(report, 'secret-in-text', value, 'password', index, scoreValue(value, 'password', true));
    }
  }
  for (const match of text.matchAll(IDENTIFIED)) {
    emit(report, 'secret-in-text', match[1], 'password', match.index, scoreValue(match[1] ?? '', 'password', true));
  }
}

function emit(
  report: Report,
  rule: ContextRule,
  value: string | undefined,
  name: string | undefined,
  index: number,
  score: number,
): void {
  if (value !== undefined && score > 0) report({ rule, value, name, index, score });
}

function scanNames(text: string, kind: TextKind, report: Report): void {
  let done = 0;
  HOT.lastIndex = 0;
  for (let hit = HOT.exec(text); hit !== null; hit = HOT.exec(text)) {
    if (hit.index < done) continue;
    let start = hit.index;
    while (start > done && hit.index - start < 60 && NAME_PART.test(text.charAt(start - 1))) start -= 1;
    const end = nameEnd(text, hit.index + hit[0].length);
    const used = readPair(text, start, end, kind, report);
    done = Math.max(end, used);
    HOT.lastIndex = Math.max(HOT.lastIndex, done);
  }
}

/** End of the name around a hit: hyphens and dots belong to it where another part of a name follows. */
function nameEnd(text: string, from: number): number {
  let end = from;
  for (;;) {
    while (end - from < 60 && /[A-Za-z0-9_]/.test(text.charAt(end))) end += 1;
    const rest = /^[.-][A-Za-z_]{1,20}(?=[A-Za-z_]{0,20}["'`\])]{0,3}[ \t]{0,4}[:=>])/.exec(text.slice(end, end + 48));
    if (rest === null || end - from >= 60) return end;
    end += rest[0].length;
  }
}

/** A bare `key` is a strong name where a vendor's word stands in front: `vendor key = …`. */
function withVendor(name: SecretName | undefined, text: string, start: number): SecretName | undefined {
  if (name === undefined || name.isStrong || name.kind !== 'key') return name;
  const before = /(?:^|\s)([A-Za-z][a-z]{3,20})[ \t]$/.exec(text.slice(Math.max(0, start - 24), start))?.[1];
  return before === undefined || isKnownWord(before.toLowerCase()) ? name : { ...name, isStrong: true };
}

/** Reads the value that belongs to the name between the indexes; gives the index behind what was used. */
function readPair(text: string, start: number, end: number, kind: TextKind, report: Report): number {
  const written = text.slice(start, end).replace(/^[-.]+/, '');
  const name = withVendor(readName(written), text, start);
  if (name === undefined)
    return kind === 'file' || kind === 'comment' ? readLoose(text, start, end, written, kind, report) : end;
  SEPARATOR.lastIndex = end;
  const separator = SEPARATOR.exec(text);
  if (separator !== null) {
    const from = SEPARATOR.lastIndex;
    const quote = separator[1] ?? '';
    const value =
      quote === '' ? bareValue(text, from, kind) : (quotedValue(text, from, quote) ?? bareValue(text, from, kind));
    if (value !== undefined && value !== '') {
      const bare = quote === '' && kind !== 'file' ? 0.06 : 0;
      reportNamed(
        text,
        from,
        value,
        name,
        written,
        /[!=]==?$/.test(separator[0].trim()) && separator[0].includes('==') ? 'secret-compared' : 'secret-in-text',
        bare,
        report,
      );
      return name.isStrong || quote === '' ? from + value.length : end;
    }
  }
  for (const [pattern, skip] of [
    [ELEMENT, 0],
    [ATTRIBUTE, 0],
  ] as const) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (match?.[1] !== undefined) {
      reportNamed(
        text,
        match.index + match[0].indexOf(match[1]),
        match[1],
        name,
        written,
        'secret-in-text',
        skip,
        report,
      );
      return pattern.lastIndex;
    }
  }
  ARGUMENT.lastIndex = end;
  const argument = kind === 'file' ? ARGUMENT.exec(text) : null;
  if (argument !== null) {
    const value = quotedValue(text, ARGUMENT.lastIndex, argument[1] ?? '"');
    if (value !== undefined) reportNamed(text, ARGUMENT.lastIndex, value, name, written, 'secret-in-text', 0, report);
    return end;
  }
  DOUBLED.lastIndex = end;
  const doubled = DOUBLED.exec(text);
  if (doubled !== null) {
    const value = quotedValue(text, DOUBLED.lastIndex, `\\${doubled[1] ?? '"'}`);
    if (value !== undefined) reportNamed(text, DOUBLED.lastIndex, value, name, written, 'secret-in-text', 0, report);
    return DOUBLED.lastIndex + (value?.length ?? 0);
  }
  return readLoose(text, start, end, written, kind, report);
}

function reportNamed(
  text: string,
  index: number,
  value: string,
  name: SecretName,
  written: string,
  rule: ContextRule,
  less: number,
  report: Report,
): void {
  const scheme = /^(?:basic|bearer|token|oauth|apikey)[ \t]+(\S{8,})$/i.exec(value);
  if (scheme !== null) return;
  if (value.includes('://') || text.startsWith('://', index)) return;
  let score = scoreValue(value, name.kind, name.isStrong);
  // An AWS secret access key has 40 characters, those of compatible stores no fewer than 32. Source: AWS documentation,
  // IAM identifiers.
  const isCutShort = value.endsWith('...') || value.endsWith('\u2026') || text.startsWith('...', index + value.length);
  const isWrongSize =
    (/aws.{0,20}secret/i.test(written) && value.length !== 40) ||
    (/secret_?access_?key/i.test(written) && value.length < 32);
  if (isCutShort || isWrongSize) score = Math.min(score, PLACEHOLDER);
  if (score > 0) report({ rule, value, name: written, index, score: Math.max(0.05, score - less) });
}

function quotedValue(text: string, from: number, quote: string): string | undefined {
  const limit = Math.min(text.length, from + 4000);
  for (let end = from; end < limit; end += 1) {
    const letter = text.charAt(end);
    if (letter === '\n' && quote !== '`') return undefined;
    if (text.startsWith(quote, end)) return text.slice(from, end);
    if (letter === '\\') end += 1;
  }
  return undefined;
}

/** Value without quotes: the rest of the word; prose is none. */
function bareValue(text: string, from: number, kind: TextKind): string | undefined {
  BARE.lastIndex = from;
  let value = BARE.exec(text)?.[0];
  if (value === undefined) return undefined;
  if (value.includes('&') && /&[A-Za-z_]\w*=/.test(value)) value = value.slice(0, value.search(/&[A-Za-z_]\w*=/));
  const after = text.slice(from + value.length, from + value.length + 40);
  if (/^[([{]/.test(after) || /[([{]/.test(value.slice(-1)) || /^[A-Za-z_][\w.]*\(/.test(value)) return undefined;
  // A word that others follow on the same line is prose, unless it does not read like a word.
  if (/^[ \t]+[A-Za-z(]/.test(after) && !/^[ \t]+(?:#|\/\/|--|-[A-Za-z]|\\$)/.test(after)) {
    if (kind !== 'file' || !/[0-9]/.test(value) || coverByWords(value).share > 0.3) {
      if (coverByWords(value).share > 0.2 || value.length < 6) return undefined;
    }
  }
  return value.replace(/[.,:\\]+$/, '');
}

/** A long random value that follows the word without a separator: `vendor SECRET 12ab…`, `token-12ab…`. */
function readLoose(text: string, start: number, end: number, written: string, kind: TextKind, report: Report): number {
  if (kind === 'literal') return end;
  const flat = written.toLowerCase();
  if (
    !/(?:secret|token|key|pass|password|pwd|passwd|auth|access|private|jwt|bearer|cred|credentials)s?[0-9]*$/.test(
      flat,
    ) ||
    isDisclaimed(written)
  ) {
    return end;
  }
  let from = end;
  // Further such words may stand between: SECRET KEY, access token.
  const more = /^(?:[ \t_-]{1,6}(?:api|secret|access|auth|private|key|token|is|=|:)){1,4}/i.exec(
    text.slice(end, end + 60),
  );
  if (more !== null) from = end + more[0].length;
  LOOSE.lastIndex = from;
  let match = LOOSE.exec(text);
  if (match === null) {
    const joined = /[ \t]{0,3}[:=]{1,2}>?[ \t]{0,3}["'`]?([A-Za-z0-9][A-Za-z0-9_.+/=~-]{11,400})(?=["'`\s,;)\]]|$)/y;
    joined.lastIndex = from;
    match = joined.exec(text);
  }
  const value = match?.[1]?.replace(/[.,]+$/, '');
  if (match === null || value === undefined || !looksIssued(value)) return end;
  const index = match.index + match[0].indexOf(value);
  const score = Math.min(0.75, scoreValue(value, 'token', true));
  if (score > 0) report({ rule: 'secret-in-text', value, name: text.slice(start, end), index, score });
  return index + value.length;
}

/** Whether a bare word looks issued by a machine: letters and digits mixed, hardly any words. */
function looksIssued(value: string): boolean {
  if (value.length >= 16 && stepShare(value) >= 0.6) return true;
  return (
    /[0-9]/.test(value) &&
    /[A-Za-z]/.test(value) &&
    entropyBits(value) >= 2.8 &&
    coverByWords(value).share < 0.55 &&
    !/^\d{4}-\d\d/.test(value)
  );
}

function scanUserInfo(text: string, report: Report): void {
  USER_INFO.lastIndex = 0;
  for (const match of text.matchAll(USER_INFO)) {
    const [whole, , user, password] = match;
    if (user === undefined || password === undefined) continue;
    const decoded = decodePercent(password);
    let score = scoreValue(decoded, 'password', true);
    if (decoded.toLowerCase() === user.toLowerCase()) score = Math.min(score, 0.45);
    emit(report, 'secret-in-url', password, 'password', match.index + whole.length - password.length - 1, score);
  }
}

function decodePercent(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

function scanHeaders(text: string, report: Report): void {
  HEADER.lastIndex = 0;
  for (const match of text.matchAll(HEADER)) {
    const value = match[2] ?? '';
    const index = match.index + match[0].length - value.length;
    if ((match[1] ?? '').toLowerCase() === 'basic') {
      const pair = decodePair(value);
      if (pair === undefined) {
        // Characters beyond ASCII in user or password, or a value that only its service reads.
        if (value.length >= 20) {
          emit(report, 'secret-in-header', value, 'authorization', index, scoreValue(value, 'token', true) - 0.1);
        }
        continue;
      }
      const score = scoreValue(pair.password, 'password', true);
      emit(report, 'secret-in-header', value, 'authorization', index, Math.max(score, score > 0 ? 0.15 : 0));
    } else if (/[0-9]/.test(value) && value.length >= 12) {
      emit(report, 'secret-in-header', value, 'authorization', index, scoreValue(value, 'token', true) - 0.02);
    }
  }
}

/** User and password out of the base64 of `user:password`. Source: RFC 7617. */
export function decodePair(value: string): { user: string; password: string } | undefined {
  if (!/^[A-Za-z0-9+/_-]{6,400}={0,2}$/.test(value)) return undefined;
  const text = Buffer.from(value, 'base64').toString('latin1');
  const match = /^([\x20-\x7a\x7c\x7e]{0,80}?):([\x20-\x7e]{1,160})$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { user: match[1], password: match[2] };
}

function scanCommands(text: string, kind: TextKind, report: Report): void {
  FLAG.lastIndex = 0;
  for (let match = FLAG.exec(text); match !== null; match = FLAG.exec(text)) {
    const [whole, flag, value] = match;
    if (flag === undefined || value === undefined) continue;
    const name = readName(flag);
    if (name === undefined || !name.isStrong) {
      FLAG.lastIndex = match.index + whole.length - value.length - 1;
      continue;
    }
    emit(
      report,
      'secret-in-command',
      value,
      flag,
      match.index + whole.length - value.length,
      scoreValue(value, name.kind, true) - (kind === 'file' ? 0 : 0.05),
    );
  }
  USER_FLAG.lastIndex = 0;
  for (const match of text.matchAll(USER_FLAG)) {
    const value = match[2] ?? '';
    if (/^[0-9]+$/.test(value)) continue;
    emit(
      report,
      'secret-in-command',
      value,
      'password',
      match.index + match[0].length - value.length,
      scoreValue(value, 'password', true),
    );
  }
  SHORT_PASSWORD.lastIndex = 0;
  for (const match of text.matchAll(SHORT_PASSWORD)) {
    const value = match[1] ?? match[2] ?? '';
    emit(
      report,
      'secret-in-command',
      value,
      'password',
      match.index + match[0].length - value.length,
      scoreValue(value, 'password', true),
    );
  }
}
