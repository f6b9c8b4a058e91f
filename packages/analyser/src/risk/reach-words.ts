import type { Reach } from '@sentinel/protocol';

/** How far data gets, for people. */
export const REACH_WORDS: Readonly<Record<Reach, string>> = {
  'personal-cloud': 'a personal cloud',
  'mail-outside': 'mail to the outside',
  'llm-provider': 'an LLM provider',
  messaging: 'a messenger',
  unknown: 'a place that could not be told',
  'approved-cloud': 'an approved cloud',
  share: 'a network share',
  internal: 'an internal system',
  local: 'this computer',
};
