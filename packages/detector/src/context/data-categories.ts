/** Category of a kind of data that analyser or probe names. Source: packages/analyser/packs/pii-kinds.json. */
const CATEGORY: Readonly<Record<string, string>> = {
  iban: 'financial',
  'bank-account': 'financial',
  'payment-card': 'financial',
  pay: 'financial',
  'financial-text': 'financial',
  health: 'health',
  'special-category': 'personal',
  customer: 'customer',
  customer_data: 'customer',
};

/** Words for people. */
const WORDS: Readonly<Record<string, string>> = {
  iban: 'bank details (IBAN)',
  'bank-account': 'bank details',
  'bank-details': 'bank details',
  'payment-card': 'payment cards',
  email: 'e-mail addresses',
  'person-name': 'names',
  'birth-date': 'birth dates',
  phone: 'phone numbers',
  pay: 'pay',
  health: 'health data',
  personal: 'personal data',
  customer: 'customer data',
  financial: 'financial data',
  employee: 'employee data',
  confidential: 'confidential data',
};

const PLAIN = new Set(['customer', 'personal', 'financial', 'health', 'confidential']);

/** Categories of labels, sorted: customer, personal, financial, health, confidential. */
export function categoriesOf(labels: Iterable<string>): string[] {
  return [...new Set([...labels].map((label) => (PLAIN.has(label) ? label : (CATEGORY[label] ?? 'personal'))))].sort();
}

/** Labels as people say them: `bank details (IBAN) and names`. */
export function labelWords(labels: Iterable<string>): string {
  const words = [...new Set([...labels].map((label) => WORDS[label] ?? label.replaceAll('-', ' ')))];
  const shown = words.length > 4 ? [...words.slice(0, 3), `${words.length - 3} more kinds`] : words;
  return shown.length < 2 ? (shown[0] ?? 'data') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
