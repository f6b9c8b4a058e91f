import { isKnownWord } from './word-cover.ts';

/** What a name says that its value is. */
export type SecretKind = 'password' | 'secret' | 'token' | 'key';

/** A name that promises a credential. */
export interface SecretName {
  readonly kind: SecretKind;
  /** Whether the name says so by itself; a weak name (`key`, `auth`) needs a value that looks random. */
  readonly isStrong: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const PASSWORD = words(
  'password passwords passwd pwd pass passphrase passcode pw psw pswd passwort kennwort motdepasse mdp contrasena senha wachtwoord haslo parola pasword passwrd bcode',
);
const SECRET = words('secret secrets clientsecret appsecret secretkey sharedsecret apisecret geheim');
const TOKEN = words(
  'token tokens accesstoken authtoken refreshtoken bearertoken apitoken bottoken idtoken jwt bearer ticket verifier pat authkey authorization webhook',
);
const KEY = words(
  'apikey apikeys accesskey privatekey secretaccesskey authkey licensekey encryptionkey subscriptionkey',
);
const WEAK = words(
  'auth authentication credential credentials creds cred signature sig cookie session oauth key keys login',
);

/** Words before `key` that make it a credential. */
const KEY_OF = words(
  'api access secret private priv auth encryption encrypt enc encoding aes des rsa dsa hmac crypto cipher signing sign account license licence consumer shared master ' +
    'service subscription storage deploy app application client session jwt admin server write ssh gpg webhook host cadata token security fernet',
);

/** Words that make a name not a credential wherever they stand. */
const NEVER = words(
  'public pub primary foreign sort partition cache row dict hash map cmp group order index lookup unique composite route path regex pattern csrf xsrf keyboard keyword keypress ' +
    'tokenize tokenizer passthrough bypass keystore compass passenger passive surpass forgot forgotten reset change changed has is was needs require required requires no without ' +
    'invalid missing show hide confirm confirmation strength policy generate generator validate validator error errors fail failed failure message msg prompt label help hint title ' +
    'description placeholder count counter length len size min max num total number limit ttl expires expiry expiration expire timeout lifetime age date time timestamp at ' +
    'algorithm algo alg scheme provider backend class type kind mode format header headers prefix suffix separator delimiter column field fields attribute attr property prop ' +
    'selector xpath css element button checkbox form view page template screen widget window dialog menu icon image color font ' +
    'url uri urls link href endpoint host hostname domain port address server? file filename filepath path paths dir directory folder location src source dest destination store storage? ' +
    'name names username user users uid id ids guid uuid arn alias tag version revision rev index idx position offset range level status state enabled disabled active ' +
    'manager handler factory helper util utils config? settings? options params param args kwargs arg test? method function func callback event listener action ' +
    'checksum fingerprint digest md5 sha sha1 sha256 salt nonce iv continuation next last prev previous first pagination page cursor marker sync idempotency ' +
    'accessor vault? manifest schema table collection queue topic bucket region zone var variable env? ref reference pair space chars alphabet charset ring',
);

/** Words behind the word that counts which change nothing. */
const NEUTRAL = words(
  'value val default str string b64 base64 hex bytes raw plain text enc encoded old new current prod production dev development staging stage live test local main db prd qa str64 orig tmp temp ' +
    'admin user root owner master slave remote client server key keys data code for of a b c x y 1 2 3 expect expected sample api',
);

/** Words of a name in lower case: `AWS_secretAccessKey2` gives aws, secret, access, key, 2. */
export function splitName(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? []).map((word) => word.toLowerCase());
}

const cache = new Map<string, SecretName | null>();
const CACHE_SIZE = 20_000;

/** What `name` promises; undefined where it promises nothing. */
export function readName(name: string): SecretName | undefined {
  let known = cache.get(name);
  if (known === undefined) {
    known = name.length > 120 ? null : (classify(splitName(name)) ?? null);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(name, known);
  }
  return known ?? undefined;
}

function classify(parts: readonly string[]): SecretName | undefined {
  const split = parts.flatMap(splitJoined);
  let found: SecretName | undefined;
  let at = -1;
  for (const [index, word] of split.entries()) {
    const here = kindOf(word, wordBefore(split, index));
    if (here === undefined) continue;
    if (found === undefined || here.isStrong || !found.isStrong) {
      // secret_key and access_token_secret: the stronger word gives the kind.
      if (found?.isStrong !== true || here.isStrong) {
        found = rank(here, found);
        at = index;
      }
    }
  }
  if (found === undefined) return undefined;
  for (const [index, word] of split.entries()) {
    if (index === at) continue;
    if (index > at ? NEVER.has(word) : BEFORE_NEVER.has(word)) return undefined;
  }
  const tail = split.slice(at + 1).filter((word) => !NEUTRAL.has(word));
  if (tail.length > 2) return undefined;
  if (tail.length > 0 && !found.isStrong) return undefined;
  if (tail.length > 0 && !(found.kind === 'password' || found.kind === 'secret')) return { ...found, isStrong: false };
  return found;
}

/** Words before the one that counts which take the promise away. */
const BEFORE_NEVER = words(
  'public pub primary foreign sort partition cache row dict hash map cmp group order index lookup unique composite route path regex pattern csrf xsrf forgot forgotten reset ' +
    'to has is was needs require required requires no without invalid missing show hide num total next continuation sync idempotency page pagination object field column translation message check validate',
);

function rank(here: SecretName, before: SecretName | undefined): SecretName {
  if (before === undefined || !before.isStrong) return here;
  const order: readonly SecretKind[] = ['password', 'secret', 'token', 'key'];
  return order.indexOf(before.kind) < order.indexOf(here.kind) ? before : here;
}

function kindOf(word: string, before: string | undefined): SecretName | undefined {
  if (PASSWORD.has(word)) return { kind: 'password', isStrong: word !== 'pass' || before !== 'first' };
  if (SECRET.has(word)) return { kind: 'secret', isStrong: true };
  if (TOKEN.has(word)) return { kind: 'token', isStrong: true };
  if (KEY.has(word)) return { kind: 'key', isStrong: true };
  if (word === 'key' || word === 'keys')
    return { kind: 'key', isStrong: before !== undefined && (KEY_OF.has(before) || isVendorLike(before)) };
  if (WEAK.has(word)) return { kind: 'token', isStrong: false };
  return undefined;
}

/** Word before an index; with a figure inside, as the names of some vendors have, all of it: `html2pdf`. */
function wordBefore(split: readonly string[], index: number): string | undefined {
  const [first, figure, last] = split.slice(Math.max(0, index - 3), index);
  return last !== undefined && figure !== undefined && /^[0-9]$/.test(figure)
    ? `${first}${figure}${last}`
    : split[index - 1];
}

/** Whether a word is no word of the language, as the names of vendors are. */
function isVendorLike(word: string): boolean {
  return word.length >= 4 && !isKnownWord(word);
}

/** Whether a name names something that is no credential although the word for one stands in it. */
export function isDisclaimed(name: string): boolean {
  return splitName(name).some((word) => BEFORE_NEVER.has(word));
}

const JOINED =
  /^(.{2,24}?)(password|passwd|passphrase|passwort|pwd|pass|secret|token|apikey|accesskey|secretkey|privatekey|key|auth)([0-9]*)$/;

/** Words that end like a joined name and are none. */
const NOT_JOINED = words(
  'monkey turkey donkey hockey whiskey compass bypass trespass surpass keypass overpass encompass hotkey passkey jockey monkeypatch',
);

function splitJoined(word: string): string[] {
  if (word.length < 5 || PASSWORD.has(word) || SECRET.has(word) || TOKEN.has(word) || KEY.has(word) || WEAK.has(word))
    return [word];
  if (NEVER.has(word) || NOT_JOINED.has(word)) return [word];
  const match = JOINED.exec(word);
  if (match?.[1] === undefined || match[2] === undefined) return [word];
  return [...splitJoined(match[1]), match[2]];
}
