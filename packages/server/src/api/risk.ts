import { SentinelError, type SubjectRisk } from '@sentinel/protocol';
import { bandOf, type CombinedRisk } from '../risk/combine-risk.ts';
import { recentFamilies, riskOfRun, riskOfWhole, risksOfFamilies } from '../risk/read-risk.ts';
import type { Services } from '../services.ts';
import { findFamily } from '../store/family-list.ts';
import type { Scope } from '../store/scope.ts';
import type { Handlers } from './handler.ts';

const TREND_DAYS = 90;

/** How risky scripts, runs, machines, departments and the company are, and why. */
export function risk({ control }: Services): Handlers<'getRisk' | 'listRisks'> {
  const trendOf = async (kind: string, subject: string): Promise<SubjectRisk['trend']> => {
    const rows = await control
      .selectFrom('risk_day')
      .select(['day', 'score'])
      .where('kind', '=', kind)
      .where('subject', '=', subject)
      .orderBy('day', 'desc')
      .limit(TREND_DAYS)
      .execute();
    return rows.reverse();
  };
  const wholeOf = async (
    kind: string,
    subject: string,
    scope: Scope,
  ): Promise<{ name: string; risk: CombinedRisk }> => {
    if (!mayRead(kind, subject, scope)) throw none();
    const { families, ran } = await recentFamilies(control, Date.now());
    const rows = ran.filter(
      (row) => kind === 'company' || (kind === 'machine' ? row.endpoint_id === subject : row.department_id === subject),
    );
    const ids = new Set(rows.map(({ family_id: id }) => id));
    const chosen = families.filter(({ id }) => kind === 'company' || ids.has(id));
    const name = kind === 'company' ? 'The company' : kind === 'machine' ? rows[0]?.host_name : subject;
    return { name: name ?? subject, risk: riskOfWhole(chosen, await risksOfFamilies(control, chosen)) };
  };
  return {
    async getRisk({ params: { kind, subject }, person: { scope } }) {
      let found: { name: string; risk: CombinedRisk } | undefined;
      if (kind === 'run') found = await riskOfRun(control, subject.toLowerCase(), scope);
      else if (kind === 'script') {
        const family = await findFamily(control, subject, scope);
        const risks = family === undefined ? undefined : await risksOfFamilies(control, [family]);
        const one = risks?.get(subject);
        found = family === undefined || one === undefined ? undefined : { name: family.name, risk: one };
      } else found = await wholeOf(kind, subject, scope);
      if (found === undefined) throw none();
      return { kind, subject, name: found.name, ...found.risk, trend: await trendOf(kind, subject) };
    },
    async listRisks({ params: { kind }, query, person: { scope } }) {
      const latest = await control
        .selectFrom('risk_day')
        .select(({ fn }) => fn.max('day').as('day'))
        .where('kind', '=', kind)
        .executeTakeFirst();
      const day = latest?.day ?? undefined;
      if (day === undefined) return { items: [] };
      const rows = await control
        .selectFrom('risk_day')
        .select(['subject', 'name', 'score'])
        .where('kind', '=', kind)
        .where('day', '=', day)
        .orderBy('score', 'desc')
        .orderBy('subject')
        .limit(scope.isAll ? query.limit : 10_000)
        .execute();
      const shown = [];
      for (const row of rows) {
        const isSeen =
          kind === 'script'
            ? scope.isAll || (await findFamily(control, row.subject, scope)) !== undefined
            : mayRead(kind, row.subject, scope);
        if (isSeen) shown.push({ ...row, band: bandOf(row.score) });
        if (shown.length === query.limit) break;
      }
      return { items: shown, day };
    },
  };
}

function mayRead(kind: string, subject: string, scope: Scope): boolean {
  if (scope.isAll) return true;
  if (kind === 'machine') return scope.endpointIds.includes(subject);
  return kind === 'department' && scope.departments.includes(subject);
}

function none(): SentinelError {
  return new SentinelError('not-found', 'There is nothing of this kind with this id, or it has not run lately.');
}
