import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { DirectoryPerson } from '../person.ts';

/** Largest list of people that is read at once. */
export const MAX_DIRECTORY_BYTES = 8 * 1024 * 1024;

export const listPersons = defineOperation({
  id: 'listPersons',
  method: 'GET',
  path: '/persons',
  permission: 'leaver.manage',
  summary: 'People of the directory, by name.',
  query: z.object({
    q: z.string().max(200).optional().meta({ description: 'Part of a name.' }),
    status: z.enum(['active', 'left']).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  response: z.object({ items: z.array(DirectoryPerson), total: z.int().nonnegative() }),
});

export const importPersons = defineOperation({
  id: 'importPersons',
  method: 'POST',
  path: '/persons/import',
  permission: 'leaver.manage',
  summary: 'Read a CSV file of the personnel department; whoever it does not name stays as they are.',
  maxBodyBytes: MAX_DIRECTORY_BYTES,
  body: z.object({ csv: z.string().max(MAX_DIRECTORY_BYTES) }),
  response: z.object({
    added: z.int().nonnegative(),
    changed: z.int().nonnegative(),
    unchanged: z.int().nonnegative(),
    left: z.array(z.string()).meta({ description: 'userName of everybody who turned out to have left.' }),
    rejected: z.array(z.object({ line: z.int().positive(), reason: z.string() })),
  }),
});

export const savePerson = defineOperation({
  id: 'savePerson',
  method: 'PUT',
  path: '/persons/:userName',
  permission: 'leaver.manage',
  summary: 'Add somebody by hand, or change them: say that they left.',
  params: z.object({ userName: z.string().min(1).max(255) }),
  body: z.object({
    displayName: z.string().min(1).max(255).optional(),
    department: z.string().max(255).optional(),
    manager: z.string().max(255).optional(),
    accounts: z.array(z.string().min(1).max(255)).max(20).optional(),
    status: z.enum(['active', 'left']).optional(),
    leftAt: z.iso.datetime().optional(),
  }),
  response: DirectoryPerson,
});
