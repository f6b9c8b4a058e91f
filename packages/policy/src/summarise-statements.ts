import type { Policy, StatementSummary } from '@sentinel/protocol';

/** What a waiver is bound to where the author says nothing: the narrowest that there is. */
export const USUAL_WAIVER = { by: ['script.sha256'], max_days: 365 } as const;

/** Statements of a policy as lists show them. */
export function summariseStatements({ statements }: Policy): StatementSummary[] {
  return statements.map((statement) => ({
    id: statement.id,
    ...(statement.title === undefined ? {} : { title: statement.title }),
    effect: statement.effect,
    severity: statement.severity,
    activities: [statement.activity].flat(),
    isFloor: statement.floor,
    explain: statement.explain,
    controls: statement.controls,
    waiverFields: statement.floor ? [] : [...(statement.waiver ?? USUAL_WAIVER).by],
  }));
}
