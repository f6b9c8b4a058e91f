import { stepShare } from '../src/secrets/value-model.ts';

/** A label that we do not want to meet, in words that `docs/refused-labels.md` explains. */
interface RefusedLabel {
  readonly set: 'bandit' | 'ruff';
  readonly test: string;
  /** Text of the labelled line. */
  readonly line: RegExp;
}

const REFUSED: readonly RefusedLabel[] = [
  { set: 'bandit', test: 'B105', line: /==\s*(?:''|"")/ },
  { set: 'bandit', test: 'B308', line: /mark_safe\((?:'[^']*'|"[^"]*")\)/ },
  { set: 'ruff', test: 'S410', line: /lxml/ },
];

/** Rules whose authors list issued values as false, or set a credential of another kind beside their own. */
const ISSUED_BUT_FALSE =
  /^(?:gcp-api-key|np\.(?:slack|newrelic|hashicorp|auth0|generic|twitter|twitch|mongodb)\.\d+|openai|clickhouse-.*|cisco-meraki-.*|curl-auth-header)$/;
const PLACES =
  /\.(?:amazonaws|jfrog|okta|auth0|myshopify|salesforce|windows|azure)\.(?:com|io|net)(?!\S*:\S*@)|storage\.googleapis\.com\/|arn:aws/;
/** One line that binds an id, a user's name or a number of an account, or is a mail address or a public key. */
const IDENTIFIERS =
  /^\W{0,4}[\w ]*(?:account|tenant|client|app|bot|user|username|product)(?:_?id)?["']?\s*(?:=>|[:=])\s*\S+(?:\s+#.*)?\s*$|^discord = \d+|^\w+ \S+@\S+\.\w+$|^age1/i;
const WORDS_FOR_ONE =
  /:\/\/[^:\s/]{1,40}:(?:pass|password|secret\d*)@|(?:\{|\$|this\w*|smtp_|your_?|^)(?:secret|password|pass)|password\s?=?>?\s*["']?(?:pass|secret)\d*/i;

/** Whether the label of a rule author's snippet is on the written list of those we refuse. */
export function isRefusedSnippet({ rule, label, text }: { rule: string; label: boolean; text: string }): boolean {
  if (!label) return ISSUED_BUT_FALSE.test(rule);
  const isLine = text.length < 120 && !text.trim().includes('\n');
  return (isLine && PLACES.test(text)) || IDENTIFIERS.test(text) || WORDS_FOR_ONE.test(text) || isShownValue(text);
}

/** Whether the longest word of a text is one character, or the alphabet and the digits in order. */
function isShownValue(text: string): boolean {
  const words = text.match(/[A-Za-z0-9]{4,}/g) ?? [];
  const longest = words.reduce((left, right) => (right.length > left.length ? right : left), '');
  return stepShare(longest) >= 0.5 || /([A-Za-z0-9])\1{7}/.test(text);
}

/** Whether a label is on the written list of those we refuse. */
export function isRefused(set: RefusedLabel['set'], test: string, line: string): boolean {
  return REFUSED.some((refused) => refused.set === set && refused.test === test && refused.line.test(line));
}
