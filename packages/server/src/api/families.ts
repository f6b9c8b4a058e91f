import { type FamilyRow, SentinelError } from '@sentinel/protocol';
import { readStandings } from '../families/family-standing.ts';
import type { Services } from '../services.ts';
import { decideFamily, type FamilyTable } from '../store/family.ts';
import { findFamily, listFamilyPage, toFamilyRows } from '../store/family-list.ts';
import { foundCopies } from '../store/found-copies.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import type { Person } from '../store/session.ts';
import { withinScope } from '../store/within-scope.ts';
import type { Handlers } from './handler.ts';

const MOST_COPIES = 500;
/** Runs that are judged again when somebody decides about their script. */
const RUNS_AGAIN = 20;

/** Script families: all copies and versions of one script. */
export function families(services: Services): Handlers<'listFamilies' | 'getFamily' | 'updateFamily'> {
  const { control, audit } = services;
  return {
    listFamilies: async ({ query, person }) =>
      listFamilyPage(control, query, person.scope, await readStandings(control)),
    async getFamily({ params, person }) {
      const family = await findOne(services, params.familyId, person);
      const [row] = await rowsOf(services, [family], person);
      if (row === undefined) throw new SentinelError('not-found', 'There is no script family with this id.');
      const [copies, events] = await Promise.all([
        control
          .selectFrom('family_copy')
          .selectAll()
          .where('family_id', '=', family.id)
          .where(withinScope(person.scope, 'family_copy'))
          .orderBy('last_seen_at', 'desc')
          .limit(MOST_COPIES)
          .execute(),
        control
          .selectFrom('family_event')
          .selectAll()
          .where('family_id', '=', family.id)
          .orderBy('at', 'desc')
          .limit(500)
          .execute(),
      ]);
      const facts = await findScriptFacts(
        control,
        copies.flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256])),
      );
      const versions = Map.groupBy(copies, ({ script_id: id }) => id);
      return {
        ...row,
        versionList: [...versions].map(([scriptId, of]) => {
          const sha256 = of[0]?.sha256 ?? undefined;
          const known = sha256 === undefined ? undefined : facts.get(sha256);
          return {
            scriptId,
            ...(sha256 === undefined ? {} : { sha256 }),
            firstSeenAt: timeOf(Math.min(...of.map(({ first_seen_at: at }) => at))),
            lastSeenAt: timeOf(Math.max(...of.map(({ last_seen_at: at }) => at))),
            ...(known === undefined
              ? {}
              : {
                  riskScore: known.risk.score,
                  capabilities: known.analysis.capabilities.map(({ id }) => id),
                  secrets: known.analysis.secrets.filter(({ tier }) => tier !== 'info').length,
                }),
          };
        }),
        copyList: copies.map((copy) => ({
          scriptId: copy.script_id,
          endpointId: copy.endpoint_id,
          hostName: copy.host_name,
          ...(copy.path === '' ? {} : { path: copy.path }),
          userName: copy.user_name,
          firstSeenAt: timeOf(copy.first_seen_at),
          lastSeenAt: timeOf(copy.last_seen_at),
        })),
        foundList: await foundCopies(control, family.id, copies, person.scope),
        history: events.map(({ at, who, change }) => ({
          at: timeOf(at),
          who,
          change: JSON.parse(change) as Record<string, unknown>,
        })),
      };
    },
    async updateFamily({ params, body, person }) {
      const before = await findOne(services, params.familyId, person);
      const { reason, sanction, owner, departmentId } = body;
      const change = {
        reason,
        ...(sanction === undefined ? {} : { sanction }),
        ...(owner === undefined ? {} : { owner }),
        ...(departmentId === undefined ? {} : { departmentId }),
      };
      await decideFamily(control, before.id, change, person.userName, Date.now());
      await audit.record(person, {
        action: 'family.decide',
        object: { kind: 'family', id: before.id },
        before: { sanction: before.sanction, owner: before.owner, departmentId: before.department_id },
        after: change,
        reason,
      });
      await judgeAgain(services, before.id);
      const [row] = await rowsOf(services, [await findOne(services, before.id, person)], person);
      if (row === undefined) throw new SentinelError('not-found', 'There is no script family with this id.');
      return row;
    },
  };
}

async function findOne({ control }: Services, id: string, { scope }: Person): Promise<FamilyTable> {
  const family = await findFamily(control, id, scope);
  if (family === undefined) throw new SentinelError('not-found', 'There is no script family with this id.');
  return family;
}

async function rowsOf({ control }: Services, rows: readonly FamilyTable[], { scope }: Person): Promise<FamilyRow[]> {
  return toFamilyRows(control, rows, scope, await readStandings(control));
}

async function judgeAgain({ control }: Services, familyId: string): Promise<void> {
  const runs = await control
    .selectFrom('judged_run')
    .select('run_id')
    .where('family_id', '=', familyId)
    .orderBy('started_at', 'desc')
    .limit(RUNS_AGAIN)
    .execute();
  await enqueueRuns(
    control,
    runs.map(({ run_id }) => run_id),
    Date.now(),
    true,
  );
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
