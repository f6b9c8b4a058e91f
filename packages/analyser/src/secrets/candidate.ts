/** Where a value was met; each has a rule id and a title for people. */
export const CONTEXTS = {
  'secret-assigned': 'Credential assigned to a name',
  'secret-in-mapping': 'Credential in a mapping',
  'secret-argument': 'Credential passed as an argument',
  'secret-default': 'Credential as a default value',
  'secret-compared': 'Credential in a comparison',
  'secret-in-login': 'Credential in a login call',
  'secret-typed': 'Credential typed into a form',
  'secret-sap-logon': 'SAP password in the code',
  'secret-in-url': 'Credential in a URL',
  'secret-in-header': 'Credential in a header',
  'secret-in-command': 'Credential on a command line',
  'secret-in-text': 'Credential in text',
} as const;
export type ContextRule = keyof typeof CONTEXTS;

/** A value that may be a credential, with its place in the text it was met in. */
export interface Candidate {
  readonly rule: ContextRule;
  readonly value: string;
  readonly name: string | undefined;
  /** Index of the value in the text. */
  readonly index: number;
  /** 0 to 1. */
  readonly score: number;
}
