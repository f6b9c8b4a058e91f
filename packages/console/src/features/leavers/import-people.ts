import { client } from '../../api/client.ts';

/** Reads a list of the personnel department. */
export async function importPeople(file: File) {
  return client.importPersons({ body: { csv: await file.text() } });
}
