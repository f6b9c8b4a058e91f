import { SentinelError } from '@sentinel/protocol';
import { readPeopleCsv } from '../leavers/read-people-csv.ts';
import type { Services } from '../services.ts';
import { listDirectory, savePersonFacts } from '../store/person.ts';
import type { Handlers } from './handler.ts';

/** The company's people, as the personnel department, SCIM or a hand wrote them. */
export function peopleDirectory({
  control,
  audit,
}: Services): Handlers<'listPersons' | 'importPersons' | 'savePerson'> {
  return {
    listPersons: ({ query }) => listDirectory(control, query),
    async importPersons({ body, person: actor }) {
      const nowMs = Date.now();
      const { people, rejected } = readList(body.csv, nowMs);
      const result = { added: 0, changed: 0, unchanged: 0, left: [] as string[], rejected: [...rejected] };
      await control.transaction().execute(async (store) => {
        for (const facts of people) {
          const { person, before, hasChanged } = await savePersonFacts(store, facts, 'csv', nowMs);
          if (before === undefined) result.added++;
          else if (hasChanged) result.changed++;
          else result.unchanged++;
          if (person.status === 'left' && before?.status !== 'left') result.left.push(person.userName);
        }
      });
      await audit.record(actor, {
        action: 'directory.import',
        object: { kind: 'directory', id: 'csv' },
        after: { ...result, rejected: result.rejected.length },
      });
      return result;
    },
    async savePerson({ params, body, person: actor }) {
      const { leftAt, ...facts } = body;
      const { person, before, hasChanged } = await savePersonFacts(
        control,
        {
          ...facts,
          userName: params.userName,
          ...(leftAt === undefined ? {} : { leftAtMs: Date.parse(leftAt), status: facts.status ?? 'left' }),
        },
        'hand',
        Date.now(),
      );
      if (hasChanged)
        await audit.record(actor, {
          action: person.status === 'left' && before?.status !== 'left' ? 'person.left' : 'person.save',
          object: { kind: 'person', id: person.id },
          before,
          after: person,
        });
      return person;
    },
  };
}

function readList(csv: string, nowMs: number): ReturnType<typeof readPeopleCsv> {
  try {
    return readPeopleCsv(csv, nowMs);
  } catch (error) {
    throw new SentinelError('bad-request', `body: csv: ${(error as Error).message}`, { cause: error });
  }
}
