import { decodeLiteral } from './encoded-literals.ts';
import { pairCostBits } from './letter-pairs.ts';
import type { SecretKind } from './name-model.ts';
import { entropyBits, isFiller } from './value-measures.ts';
import { coverByWords, isMadeUpWord, letterRuns, type WordCover } from './word-cover.ts';

/** How much a value looks like a live credential, 0 to 1; 0 is no credential at all, up to 0.3 a placeholder. */
export type ValueScore = number;

export const PLACEHOLDER: ValueScore = 0.2;
/** A demo value long enough to be in use: people do leave them. */
const DEMO: ValueScore = 0.52;
/** From here a finding is of the medium tier. */
export const MEDIUM: ValueScore = 0.5;
/** From here a finding is of the high tier. */
export const HIGH: ValueScore = 0.8;

/** Mean cost of letter pairs from which a run of letters is taken for random. */
const RANDOM_COST_BITS = 4.9;

const TEMPLATE =
  /\$\{|\$\(|\{\{|%\(|%s|%d|%r|<%|\{[A-Za-z_0-9.!:[\]]*\}|^\$[A-Za-z_{]|^%[A-Za-z_]+%$|^<[^>]*>$|^\[[^\]]*\]$|^\(.*\)$|^@[A-Za-z_.]+@$|\bprocess\.env\b|\bos\.environ|\bgetenv\b|\bENV\[|^`.*`$|^!\w+|^\$$|^\{|\(\)|\($|\)\.|^\.?\$\w+[[-]|^ENC\[/;
const PATTERN = /\\[dwsDWSb]|\[\^|\(\?|\.\*|\.\+|\]\+|\]\*|\]\{|\|.*\||^\^|\$$/;
const PLACE = /^(?:\.{0,2}[\\/]|~[\\/]|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]{1,20}:\/\/|arn:|urn:|file:|www\.)/;
const FILE =
  /^[\w./\\ -]{1,160}\.(?:pem|crt|cer|key|pub|json|ya?ml|py|txt|xml|html?|js|ts|css|png|jpe?g|gif|svg|ini|cfg|conf|toml|csv|xlsx?|md|sh|p12|pfx|jks|db|sqlite|log|zip|gz|so|dll|exe|com|org|net|io|example|local|de)$/i;
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,12}$/;
const MAIL = /^[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}$/;
const CODE_WORD =
  /^(?:none|null|nil|undefined|true|false|yes|no|on|off|string|str|int|integer|boolean|bool|bytes|object|array|list|dict|text|password|required|optional|n\/a|na|tbd|todo|auto|automatic|disabled|enabled|anonymous|plaintext|plain|basic|bearer|digest|oauth2?|jwt|hmac|kerberos|ntlm|implicit|expired|revoked|self|env|default)$/i;
const HASH = /^(?:\$[0-9a-z]{1,12}\$|[a-z0-9_]{3,20}\$[0-9]{1,8}\$|\{(?:SSHA|SHA|MD5|CRYPT)\})/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Score of a value that a name or a position says is a credential of `kind`. */
export function scoreValue(raw: string, kind: SecretKind, isStrong: boolean): ValueScore {
  // Vendors mark the environment in front: test_…, live_…
  const value =
    kind === 'password'
      ? raw.trim()
      : raw.trim().replace(/^(?:[a-z]{1,10}_)?(?:test|live|prod|sandbox)_(?=\S{16})/, '');
  const size = value.length;
  if (size < 4 || size > 4096) return size === 3 && kind === 'password' && !CODE_WORD.test(value) ? 0.1 : 0;
  if ((TEMPLATE.test(value) && !isDense(value)) || CODE_WORD.test(value)) return 0;
  if (HASH.test(value) || isForeignText(value)) return 0;
  if (PLACE.test(value) || FILE.test(value) || MAIL.test(value)) return 0;
  if (isShown(value)) return PLACEHOLDER;
  if (size > 8 && PATTERN.test(value) && !isDense(value)) return 0;
  const cover = coverByWords(value);
  if (/\s/.test(value)) return scoreSpaced(value, kind, cover);
  if (DOTTED.test(value) && (cover.share >= 0.6 || (!isStrong && size < 40))) return 0;
  if (!isStrong && /^[a-z][\w-]*:[A-Za-z]/.test(value)) return 0;
  if (kind !== 'password' && isDemo(value, cover)) return isStrong ? DEMO : PLACEHOLDER;
  if (isFiller(value) || isKeyboardWalk(value)) return PLACEHOLDER;
  if (kind === 'password') return scorePassword(value, cover, isStrong);
  return scoreOpaque(value, kind, cover, isStrong);
}

/** Whether a value mixes all kinds of characters so densely that marks of templates in it are chance. */
function isDense(value: string): boolean {
  return (
    value.length >= 40 && !/\s/.test(value) && entropyBits(value) >= 4.8 && /[0-9]/.test(value) && /[A-Z]/.test(value)
  );
}

/** Whether a value shows where one goes: `***`, `xxx`, `...`, `<...>`. */
function isShown(value: string): boolean {
  return (
    /^(.)\1*$/.test(value) || /^[*x.#_?-]+$/i.test(value) || /\*{3}|x{4}|\.{3}|#{4}/i.test(value) || /^<|>$/.test(value)
  );
}

/** Whether most of a value are steps along the alphabet, the digits or the keyboard. */
function isKeyboardWalk(value: string): boolean {
  const lowered = value.toLowerCase();
  if (lowered.length >= 6 && COLUMNS.includes(lowered)) return true;
  let steps = 0;
  for (let index = 1; index < lowered.length; index += 1) {
    const pair = lowered.slice(index - 1, index + 1);
    const step = pair.charCodeAt(1) - pair.charCodeAt(0);
    if (step === 0 || step === 1 || step === -1 || WALKS.includes(pair)) steps += 1;
  }
  return lowered.length <= 12 && steps >= (lowered.length - 1) * 0.75;
}

const COLUMNS = '1q2w3e4r5t6z7u8i 1q2w3e4r5t6y qazwsxedcrfv 1qaz2wsx3edc4rfv 1a2b3c4d5e6f a1b2c3d4e5f6 zaq12wsx';
const WALKS = 'qwertyuiop asdfghjkl zxcvbnm qwertzuiop 1234567890';

/** Last character of the Latin blocks. */
const LAST_LATIN = 0x24f;

/** Whether most letters are of another script, so that the value is prose. */
function isForeignText(value: string): boolean {
  let foreign = 0;
  for (let index = 0; index < value.length; index += 1) if (value.charCodeAt(index) > LAST_LATIN) foreign += 1;
  return foreign * 2 > value.length;
}

function scoreSpaced(value: string, kind: SecretKind, cover: WordCover): ValueScore {
  if (kind !== 'password') return 0;
  if (cover.share >= 0.5) return cover.isMadeUp && value.length < 40 ? 0.1 : 0;
  return cover.share < 0.3 && value.length <= 24 && value.split(/\s+/).length <= 3 && /[^A-Za-z\s.,:'"-]/.test(value)
    ? 0.55
    : 0;
}

function scorePassword(value: string, cover: WordCover, isStrong: boolean): ValueScore {
  const digits = value.replace(/[^0-9]/g, '').length;
  const letters = value.replace(/[^A-Za-z]/g, '').length;
  const others = value.length - digits - letters;
  if (letters === 0) {
    if (digits === 0) return value.length >= 5 ? 0.5 : 0;
    if (others === 0) return digits >= 7 ? 0.55 : digits >= 5 ? 0.3 : 0;
    return 0.55;
  }
  if (cover.share >= 0.75) return scoreWordy(value, cover, digits, others);
  if (isDisguised(value)) return value.length >= 14 ? 0.55 : /[0-9]{2,}$/.test(value) ? 0.5 : 0.3;
  if (letters <= 3 && digits > 0 && /^[A-Za-z]{1,3}[_-]?[0-9]{1,6}$/.test(value) && isKeyboardWalk(value))
    return PLACEHOLDER;
  const isMostlyDigits = digits * 2 > value.length && cover.share < 0.5;
  if (cover.isMadeUp && (cover.share >= 0.5 || (value.length > 24 && !isMostlyDigits))) {
    // People choose such ones: a word for the thing, drowned in figures and marks.
    const isOrnate = cover.share <= 0.5 && digits >= 3 && others > 0 && value.length >= 10 && value.length <= 24;
    return isOrnate && !cover.words.some((word) => SHOWING.has(word)) ? 0.5 : 0.3;
  }
  const cost = longestRunCost(value);
  let score = 0.62;
  if (cost >= RANDOM_COST_BITS) score = 0.85;
  if (digits > 0 && letters > 0 && cover.share < 0.5) score = Math.max(score, 0.82);
  if (others > 0 && cover.share < 0.5) score = Math.max(score, 0.82);
  if (value.length >= 8 && cover.share < 0.45) score += 0.06;
  if (value.length <= 4 && cost < RANDOM_COST_BITS) score = 0.5;
  if (cover.share >= 0.5) score -= 0.12;
  if (!isStrong) score -= 0.15;
  return Math.min(score, 0.95);
}

const DISGUISES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Whether a value is a word for a credential with figures in place of letters: `p4ssw0rd`. */
function isDisguised(value: string): boolean {
  const plain = value.replace(/[0-9!]+$/, '').replace(/[013457@$!]/g, (letter) => DISGUISES[letter] ?? letter);
  const cover = coverByWords(plain);
  return plain !== value && cover.isMadeUp && cover.share >= 0.9 && /^[A-Za-z_-]+$/.test(plain);
}

/** Score of a password that consists of words: weak at best, and none where the words say so. */
function scoreWordy(value: string, cover: WordCover, digits: number, others: number): ValueScore {
  const isJoined = /^[A-Za-z]+$/.test(value) && /[a-z][A-Z]/.test(value) && cover.words.length >= 2;
  const hasShowing = cover.words.some((word) => SHOWING.has(word));
  if (hasShowing || isMadeUpWord(value.toLowerCase())) return PLACEHOLDER;
  if (isJoined) return 0.52;
  const isOrnate = /[A-Z]/.test(value) && digits > 0 && /[^\w:.-]/.test(value);
  if (isOrnate) return 0.6;
  if (digits >= 2 && others >= 1 && cover.words.length >= 2 && /[0-9]$/.test(value)) return 0.52;
  if (digits >= 2 && !cover.isMadeUp) return 0.5;
  return PLACEHOLDER;
}

/** Words that show where a value goes. */
const SHOWING = new Set(
  'your example sample dummy fake mock placeholder change replace insert enter some any here todo test testing demo foo bar my value invalid wrong none default secretkey helloworld hello the set put new old not username user'.split(
    ' ',
  ),
);

function longestRunCost(value: string): number {
  let longest = '';
  for (const run of value.split(/[^A-Za-z]+/)) if (run.length > longest.length) longest = run;
  return longest.length >= 4 ? pairCostBits(longest) : 4.5;
}

function scoreOpaque(value: string, kind: SecretKind, cover: WordCover, isStrong: boolean): ValueScore {
  const size = value.length;
  const hasDigit = /[0-9]/.test(value);
  const hasLetter = /[A-Za-z]/.test(value);
  if (!hasLetter) {
    if (kind === 'secret') return /^[0-9]{8,}$/.test(value) ? 0.57 : 0;
    return isStrong && /^[0-9]{15,40}$/.test(value) && stepShare(value) < 0.4 ? 0.52 : 0;
  }
  if (UUID.test(value)) return isStrong ? 0.7 : 0.4;
  // Readable text in another form: what it says counts.
  const readable = decodeLiteral(value);
  if (readable !== undefined && readable.length >= 10) return scoreValue(readable, 'password', isStrong);
  if (size >= 36 && new Set(value).size === size && stepShare(value) >= 0.5) return 0; // an alphabet
  if (stepShare(value) >= 0.6) return PLACEHOLDER;
  if (cover.share >= 0.7 && size < 80) {
    // Two words with a mark between that no identifier holds: somebody thought it up to be used.
    if (kind === 'secret' && isStrong && !cover.isMadeUp && /^[A-Za-z]{4,}[#!$%&*+^~][A-Za-z]{4,}$/.test(value))
      return 0.5;
    if (cover.share >= 0.95 && !cover.isMadeUp && size < 12 && hasDigit && kind === 'secret') return 0.4;
    return cover.isMadeUp ? 0.15 : 0;
  }
  if (size >= 12 && /^[\w.:-]+$/.test(value) && isIdentifier(value, cover)) return 0;
  const bits = entropyBits(value);
  const cost = longestRunCost(value);
  const least = !isStrong ? 16 : kind === 'secret' ? 5 : kind === 'token' ? 8 : 12;
  if (size < least) return kind !== 'key' && size >= 5 && isStrong && hasDigit && cover.share < 0.4 ? 0.45 : 0;
  let score = 0.4;
  if (hasDigit) score += 0.22;
  if (cost >= RANDOM_COST_BITS) score += 0.2;
  if (size >= 16 && bits >= 3.2) score += 0.12;
  if (size >= 20 && bits >= 3.5) score += 0.1;
  if (/[A-Z]/.test(value) && /[a-z]/.test(value) && hasDigit) score += 0.06;
  if (cover.share > 0.45 && size < 40) score -= 0.25;
  if (cover.isMadeUp && cover.share > 0.3 && size < 40) score -= 0.12;
  if (!isStrong) score -= hasDigit && bits >= 3.6 && size >= 20 ? 0.1 : 0.3;
  return Math.max(0, Math.min(score, 0.95));
}

/** Whether a value is made of steps along the alphabet and the digits, yet long and mixed enough to be in use. */
function isDemo(value: string, cover: WordCover): boolean {
  if (
    value.length < 16 ||
    (value.length >= 36 && new Set(value).size === value.length) ||
    cover.words.some((word) => SHOWING.has(word))
  )
    return false;
  if (!/[0-9]/.test(value) || (value.length < 20 && !/[A-Za-z]/.test(value)) || /(.)\1{7}/.test(value)) return false;
  return stepShare(value) >= 0.6;
}

/** Share of the characters that stand in runs of three and more steps along the alphabet or the digits. */
export function stepShare(value: string): number {
  const lowered = value.toLowerCase();
  let inRuns = 0;
  let run = 1;
  let direction = 0;
  for (let index = 1; index <= lowered.length; index += 1) {
    let step = lowered.charCodeAt(index) - lowered.charCodeAt(index - 1);
    if (step === -9 && lowered[index] === '0') step = 1;
    const isStep = step === 1 || step === -1;
    if (isStep && (run === 1 || step === direction)) {
      run += 1;
      direction = step;
      continue;
    }
    if (run >= 3) inRuns += run;
    run = isStep ? 2 : 1;
    direction = step;
  }
  return inRuns / lowered.length;
}

/** Whether a value reads like a name in a program: parts that are words, short forms or numbers. */
function isIdentifier(value: string, cover: WordCover): boolean {
  const parts = value.split(/[_.:-]+/).filter((part) => part !== '');
  if (parts.length < 2) return cover.share >= 0.6 && letterRuns(value).length >= 2 && !/[0-9]/.test(value);
  const plain = parts.filter(
    (part) => /^[0-9]{1,4}$/.test(part) || part.length <= 3 || coverByWords(part).share >= 0.6,
  );
  return plain.length === parts.length || (plain.length >= parts.length - 1 && cover.share >= 0.55);
}
