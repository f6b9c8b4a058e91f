import { type ScriptSummary, type SemanticDiff, SummaryPart } from '@sentinel/protocol';

/**
 * What a script version does that an older one does not. An approval carries over only where the syntax is the same but for comments,
 * formatting and constants, nothing new can be reached, and both analyses are whole: what is not known is not the same.
 */
export function semanticDiff(older: ScriptSummary, newer: ScriptSummary): SemanticDiff {
  const added: SemanticDiff['added'] = [];
  const removed: SemanticDiff['removed'] = [];
  for (const part of SummaryPart.options) {
    const before = new Set(older[part]);
    const after = new Set(newer[part]);
    const news = newer[part].filter((name) => !before.has(name));
    const gone = older[part].filter((name) => !after.has(name));
    if (news.length > 0) added.push({ part, names: news });
    if (gone.length > 0) removed.push({ part, names: gone });
  }
  const hasNewSecrets = newer.secrets > older.secrets;
  const isSameSyntax = older.familyHash !== undefined && older.familyHash === newer.familyHash;
  return {
    added,
    removed,
    hasNewSecrets,
    isSameSyntax,
    carriesOver: isSameSyntax && added.length === 0 && !hasNewSecrets && older.isWhole && newer.isWhole,
  };
}
