import type { Candidate, ContextRule } from './candidate.ts';
import { readName, type SecretName, splitName } from './name-model.ts';
import type { Frame, Literal, Structure } from './python-structure.ts';
import {
  calleeOf,
  chainStart,
  firstText,
  innerName,
  literalValue,
  nameAfter,
  statementTarget,
  targetsBefore,
} from './python-targets.ts';
import { type PythonToken, stringValue } from './python-tokens.ts';
import { scoreValue } from './value-model.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Calls that give their argument back in another form. */
const WRAPPERS = words(
  'b64decode b64encode bytes str unicode encode to_binary to_bytes force_bytes force_text to_text SecretStr SecretBytes SecretString Secret b u bytearray strip unhexlify fromhex decode quote quote_plus urlquote ensure_binary Template Just',
);
/** Calls that take a name and then a value or a default. */
const NAMED = words(
  'get getenv pop setdefault putenv setenv set setattr getattr config env environ add_header putheader header set_option set_config get_config get_env getConfig setProperty set_property addProperty put update_setting add_field Field register setItem set_item data replace Header update append_param set_param add_argument add_option option param fill type set_key environ_get',
);
/** Calls whose second argument is a password. */
const LOGINS = words(
  'login log_in signin sign_in logon authenticate auth HTTPBasicAuth HTTPDigestAuth BasicAuth HttpNtlmAuth HTTPProxyAuth DigestAuth UsernamePasswordCredential UserPassCredentials PlainCredentials PasswordAuthentication basic_auth set_auth set_basic_auth setCredentials set_credentials add_credentials Credentials UserCredential ClientCredential UserCredentials userpass create_user create_superuser ServicePrincipalCredentials PlainAuthenticator PlainTextAuthProvider username_pw_set Login',
);
/** Calls whose third argument may be a password. */
const CONNECTS = words(
  'connect Connect Connection create_connection login_with SFTPClient connect_ftp FTP FTP_TLS Session open_connection',
);
const TYPERS = words('send_keys SendKeys fill type type_keys set_text set_edit_text input_text setText write_text');
const AUTH_NAMES = /(?:^|_)(?:auth|http_auth|basic_auth|credentials?|creds|login|userpass|proxy_auth|authentication)$/i;
const PASSWORD_WORDS = words('password passwd pwd passphrase pass secret token apikey');
const VERBS = words(
  'set use with check verify make hash change encrypt update reset enter input type assign put new create generate test login try valid validate is gen compare authenticate confirm',
);
const PASSWORD: SecretName = { kind: 'password', isStrong: true };
const TYPED_FIELD = /pass(?:word|wd|phrase|wort)?|pwd|kennwort|bcode|contrase|senha|motdepasse/i;

interface Found {
  readonly rule: ContextRule;
  readonly name: SecretName;
  readonly written: string;
}

/** Candidates among the string literals of a program, by where each stands. */
export function scanLiterals(
  source: string,
  structure: Structure,
  report: (candidate: Candidate, literal: Literal) => void,
): void {
  for (const literal of structure.literals) {
    const value = literalValue(source, structure, literal);
    if (value.length < 3 || value.length > 4000) continue;
    for (const found of contextsOf(source, structure, literal, value)) {
      const score = scoreIn(value, found);
      if (score <= 0) continue;
      const token = structure.tokens[literal.first];
      report({ rule: found.rule, value, name: found.written, index: token?.start ?? 0, score }, literal);
      break;
    }
  }
}

function scoreIn(value: string, found: Found): number {
  if (found.written === 'user:password') return scoreValue(value.slice(value.indexOf(':') + 1), 'password', true);
  if (/^(?:basic|bearer|token)\s/i.test(value)) return 0;
  return scoreValue(value, found.name.kind, found.name.isStrong);
}

function* contextsOf(source: string, structure: Structure, literal: Literal, value: string): Generator<Found> {
  const { tokens } = structure;
  let frame = literal.frame;
  let before = literal.first - 1;
  let next = literal.last + 1;
  if (isCut(tokens, next)) return;
  // Through calls that only change the form, and through brackets that only group.
  for (;;) {
    if (frame === undefined || frame.bracket !== '(' || frame.open !== before || frame.commas > 0) break;
    const callee = tokens[before - 1];
    const isGroup =
      callee?.kind === 'operator' && !')]'.includes(callee.text) && tokens[literal.last + 1]?.text === ')';
    if (isGroup) before -= 1;
    else if (callee?.kind === 'name' && WRAPPERS.has(callee.text)) before = chainStart(tokens, before - 1) - 1;
    else break;
    frame = frame.outer;
    next += 1;
    if (/^b64encode$/.test(callee?.text ?? '')) yield* pairContext(value);
  }
  const mark = tokens[before];
  if (mark === undefined) return;
  const read = (rule: ContextRule, written: string | undefined): Found[] => {
    const name = written === undefined ? undefined : readName(written);
    return name === undefined || written === undefined ? [] : [{ rule, name, written }];
  };
  if (mark.kind === 'name') {
    if (mark.text === 'or' || mark.text === 'else') {
      yield* read('secret-default', innerName(source, tokens, before - 1));
      yield* read('secret-default', statementTarget(source, tokens, before));
    } else if (mark.text === 'in') {
      yield* read('secret-compared', innerName(source, tokens, before - 1));
    }
    if (mark.text !== 'if' && mark.text !== 'assert' && mark.text !== 'and' && mark.text !== 'elif') return;
  }
  if (tokens[next]?.text === '==' || tokens[next]?.text === '!=') {
    yield* read('secret-compared', nameAfter(source, tokens, next + 1));
    return;
  }
  switch (mark.text) {
    case '=':
    case ':=':
      yield* assigned(source, structure, before, frame, read);
      return;
    case '==':
    case '!=':
      yield* read('secret-compared', innerName(source, tokens, before - 1));
      return;
    case ':':
      if (frame?.bracket === '{') yield* read('secret-in-mapping', innerName(source, tokens, before - 1));
      return;
    case ',':
    case '(':
    case '[':
    case '{':
      yield* enclosed(source, structure, literal, before, frame, value, read);
      return;
    default:
  }
}

/** Whether a literal goes on in an expression, so that it is only a part of a value. */
function isCut(tokens: readonly PythonToken[], next: number): boolean {
  const token = tokens[next];
  if (token?.kind !== 'operator') return false;
  if (token.text === '.')
    return !/^(?:encode|decode|strip|rstrip|lstrip|upper|lower)$/.test(tokens[next + 1]?.text ?? '');
  return token.text === '[' || token.text === '+' || token.text === '%';
}

type Read = (rule: ContextRule, written: string | undefined) => Found[];

function* assigned(
  source: string,
  structure: Structure,
  mark: number,
  frame: Frame | undefined,
  read: Read,
): Generator<Found> {
  const { tokens } = structure;
  const target = tokens[mark - 1];
  let written = innerName(source, tokens, mark - 1);
  const isArgument = frame?.bracket === '(';
  // name: annotation = value
  for (let at = mark - 1; at > mark - 10 && at > 0; at -= 1) {
    const token = tokens[at];
    if (
      token === undefined ||
      token.kind === 'newline' ||
      token.text === ',' ||
      token.text === '(' ||
      token.text === '{'
    )
      break;
    if (token.text === ':' && tokens[at - 1]?.kind === 'name') {
      written = tokens[at - 1]?.text;
      break;
    }
  }
  if (isArgument && frame !== undefined) {
    const callee = calleeOf(tokens, frame);
    const isDefinition = callee !== undefined && tokens[frame.open - 2]?.text === 'def';
    if (written !== undefined && /^(?:default|value|initial|fallback|default_value|defaultValue)$/.test(written)) {
      const first = firstText(source, structure, frame);
      yield* read('secret-default', first?.replace(/^-+/, ''));
      yield* read('secret-default', statementTarget(source, tokens, frame.open - 1));
      return;
    }
    yield* read(isDefinition ? 'secret-default' : 'secret-argument', written);
    return;
  }
  if (target?.kind === 'name' && tokens[mark - 2]?.text === '.' && /^(?:text|value)$/i.test(target.text)) {
    const field = innerName(source, tokens, mark - 3);
    if (field !== undefined && TYPED_FIELD.test(field)) {
      yield {
        rule: /bcode|wnd\[|rsyst/i.test(field) ? 'secret-sap-logon' : 'secret-typed',
        name: PASSWORD,
        written: 'password',
      };
    }
    return;
  }
  if (written === 'auth') return;
  yield* read('secret-assigned', written);
  // Several targets: user, password = "…", "…" is read from the comma; here the first value of the tuple.
  if (tokens[mark - 2]?.text === ',' && frame === undefined) {
    const names = targetsBefore(source, tokens, mark);
    yield* read('secret-assigned', names[0]);
  }
}

function* enclosed(
  source: string,
  structure: Structure,
  literal: Literal,
  before: number,
  frame: Frame | undefined,
  value: string,
  read: Read,
): Generator<Found> {
  const { tokens } = structure;
  if (frame === undefined) {
    // user, password = "…", "…"
    if (tokens[before]?.text !== ',') return;
    let commas = 0;
    for (let at = before; at > 0 && before - at < 40; at -= 1) {
      const token = tokens[at];
      if (token === undefined || token.kind === 'newline') return;
      if (token.text === ',') commas += 1;
      if (token.text === '=') {
        yield* read('secret-assigned', targetsBefore(source, tokens, at)[commas]);
        return;
      }
    }
    return;
  }
  const callee = calleeOf(tokens, frame);
  if (callee === undefined) {
    yield* inCollection(source, structure, literal, frame, read);
    return;
  }
  const index = frame.commas;
  const previous = tokens[before - 1];
  if (index >= 1 && previous?.kind === 'string') {
    const text = stringValue(source, previous);
    const isNamed = NAMED.has(callee) || /^(?:get|set|add|put)_?[A-Za-z]*$/.test(callee);
    if (isNamed && /^[#.\w\s"'[\]=-]{2,60}$/.test(text)) {
      yield* read(
        /get|pop|default|env/i.test(callee) ? 'secret-default' : 'secret-argument',
        text.replace(/^[#.-]+/, ''),
      );
    }
  }
  if (LOGINS.has(callee) && index === 1) yield { rule: 'secret-in-login', name: PASSWORD, written: 'password' };
  if (CONNECTS.has(callee) && index === 2 && isCredentialBefore(tokens, before)) {
    yield { rule: 'secret-in-login', name: PASSWORD, written: 'password' };
  }
  if (TYPERS.has(callee) && (index === 0 || callee === 'fill' || callee === 'type')) {
    if (isPasswordField(source, tokens, frame.open, before))
      yield { rule: 'secret-typed', name: PASSWORD, written: 'password' };
  }
  if (index <= 1) {
    const parts = splitName(callee);
    const at = parts.findIndex((part) => PASSWORD_WORDS.has(part));
    const last = parts.at(-1);
    if (
      at >= 0 &&
      last !== undefined &&
      PASSWORD_WORDS.has(last) &&
      (parts.length === 1 ? /^[A-Z]/.test(callee) : VERBS.has(parts[0] ?? ''))
    ) {
      const name = readName(last);
      if (name !== undefined) yield { rule: 'secret-argument', name, written: callee };
    }
  }
  if (/^(?:b64encode|standard_b64encode|encodestring|encodebytes)$/.test(callee) && index === 0)
    yield* pairContext(value);
}

function* pairContext(value: string): Generator<Found> {
  if (/^[^\s:/]{1,60}:[^\s]{3,120}$/.test(value) && !value.includes('://')) {
    yield { rule: 'secret-in-header', name: PASSWORD, written: 'user:password' };
  }
}

/** Whether the argument before the place names or holds a user: a string, or a name that says so. */
function isCredentialBefore(tokens: readonly PythonToken[], comma: number): boolean {
  const token = tokens[comma - 1];
  return token?.kind === 'string' || (token?.kind === 'name' && /user|login|account|name|mail/i.test(token.text));
}

/** Whether what is typed into is a password field: by the words of its statement before the call. */
function isPasswordField(source: string, tokens: readonly PythonToken[], open: number, before: number): boolean {
  for (let at = before; at > 0 && before - at < 30; at -= 1) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'newline') return false;
    if (at === open) continue;
    const text = token.kind === 'string' ? stringValue(source, token) : token.kind === 'name' ? token.text : '';
    if (TYPED_FIELD.test(text)) return true;
  }
  return false;
}

function* inCollection(
  source: string,
  structure: Structure,
  literal: Literal,
  frame: Frame,
  read: Read,
): Generator<Found> {
  const { tokens } = structure;
  const outer = tokens[frame.open - 1];
  const first = tokens[frame.open + 1];
  if (
    frame.bracket === '(' &&
    frame.commas === 1 &&
    first?.kind === 'string' &&
    first !== tokens[literal.first] &&
    tokens[literal.last + 1]?.text === ')'
  ) {
    yield* read('secret-in-mapping', stringValue(source, first));
  }
  if (outer?.text === '=' || outer?.text === ':') {
    const written = innerName(source, tokens, frame.open - 2);
    if (written === undefined) return;
    if (AUTH_NAMES.test(written)) {
      if (frame.bracket !== '{' && frame.commas === 1)
        yield { rule: 'secret-in-login', name: PASSWORD, written: 'password' };
      return;
    }
    yield* read(outer.text === ':' ? 'secret-in-mapping' : 'secret-assigned', written);
  }
}
