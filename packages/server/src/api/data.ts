import { SentinelError } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { Services } from '../services.ts';
import { addPlace, CONSOLE_SOURCE, readCompany } from '../store/company.ts';
import { listFlows, listTouches } from '../store/data-touch.ts';
import { readPosition, writePosition } from '../store/page-position.ts';
import { withinScope } from '../store/within-scope.ts';
import type { Handlers } from './handler.ts';

type DataOperation =
  | 'listDataPlaces'
  | 'addDataPlace'
  | 'deleteDataPlace'
  | 'listDataFlows'
  | 'listDataTouches'
  | 'listLabelledFiles';

/** What data lies where, who touched it, and where it went. */
export function data({ control, audit }: Services): Handlers<DataOperation> {
  return {
    async listDataPlaces() {
      const { places } = await readCompany(control);
      const labels = new Map<string, number>();
      for (const place of places) for (const label of place.labels) labels.set(label, (labels.get(label) ?? 0) + 1);
      return {
        items: [...places],
        labels: [...labels]
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([label, count]) => ({ label, places: count })),
      };
    },
    async addDataPlace({ body, person }) {
      const id = await addPlace(control, body, CONSOLE_SOURCE, Date.now());
      await audit.record(person, { action: 'data.label', object: { kind: 'data-place', id }, after: body });
      return { id };
    },
    async deleteDataPlace({ params, person }) {
      const before = await control
        .selectFrom('data_place')
        .selectAll()
        .where('id', '=', params.placeId)
        .executeTakeFirst();
      if (before === undefined) throw new SentinelError('not-found', 'There is no labelled place with this id.');
      await control.deleteFrom('data_place').where('id', '=', params.placeId).execute();
      await audit.record(person, {
        action: 'data.unlabel',
        object: { kind: 'data-place', id: params.placeId },
        before: { kind: before.kind, match: before.match, labels: before.labels },
      });
      return { isDeleted: true };
    },
    listDataFlows: ({ query, person }) => listFlows(control, query, person.scope, Date.now()),
    async listDataTouches({ query, person }) {
      await audit.record(person, { action: 'data.touches', object: { kind: 'data', id: query.name ?? 'all' } });
      return listTouches(control, query, person.scope, Date.now());
    },
    async listLabelledFiles({ query, person }) {
      let matching = control
        .selectFrom('labelled_file')
        .innerJoin('family', 'family.id', 'labelled_file.family_id')
        .innerJoin('judged_run', 'judged_run.run_id', 'labelled_file.run_id')
        .where(withinScope(person.scope, 'judged_run'));
      if (query.label !== undefined)
        matching = matching.where(
          'labelled_file.labels',
          'like',
          `%${JSON.stringify(query.label).replaceAll(/[%_]/g, '')}%`,
        );
      if (query.familyId !== undefined) matching = matching.where('labelled_file.family_id', '=', query.familyId);
      if (query.isGone !== undefined)
        matching = matching.where('gone_at', query.isGone === 'true' ? 'is not' : 'is', null);
      const after = query.cursor === undefined ? undefined : readPosition(query.cursor);
      const page =
        after === undefined
          ? matching
          : matching.where(
              sql<boolean>`(made_at < ${after.at} or (made_at = ${after.at} and labelled_file.path < ${after.id}))`,
            );
      const [rows, counted] = await Promise.all([
        page
          .selectAll('labelled_file')
          .select(['family.name as script', 'judged_run.host_name'])
          .orderBy('made_at', 'desc')
          .orderBy('labelled_file.path', 'desc')
          .limit(query.limit + 1)
          .execute(),
        matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
      ]);
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      return {
        items: shown.map((row) => ({
          endpointId: row.endpoint_id,
          hostName: row.host_name,
          path: row.path,
          labels: JSON.parse(row.labels) as string[],
          bytes: row.bytes,
          familyId: row.family_id,
          scriptName: row.script,
          runId: row.run_id,
          madeAt: new Date(row.made_at).toISOString(),
          seenAt: new Date(row.seen_at).toISOString(),
          ...(row.gone_at === null ? {} : { goneAt: new Date(row.gone_at).toISOString() }),
        })),
        ...(rows.length > query.limit && last !== undefined
          ? { nextCursor: writePosition(last.made_at, last.path) }
          : {}),
        total: counted.total,
      };
    },
  };
}
