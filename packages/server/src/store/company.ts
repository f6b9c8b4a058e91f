import {
  CompanyDocument,
  CompanySettings,
  Department,
  PackageVerdict,
  type PlaceLabels,
  Responsibility,
} from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';
import { factsOf, savePersonFacts } from './person.ts';
import { putKnownSchedules } from './schedule.ts';

/** Row of a department. */
export interface DepartmentTable {
  id: string;
  name: string;
  custodian: string | null;
  /** WorkCalendar as JSON. */
  calendar: string | null;
  schedules: string;
  /** Document that it came in; `console` for one that a person wrote there. */
  source: string;
  updated_at: number;
}

/** Row of who answers for which scripts. */
export interface ResponsibilityTable {
  id: string;
  /** Order: the lowest that fits counts. */
  place: number;
  kind: string;
  match: string;
  content: string;
  source: string;
  updated_at: number;
}

/** Row of a place with labelled data. */
export interface DataPlaceTable {
  id: string;
  kind: string;
  match: string;
  labels: string;
  name: string | null;
  is_share: number;
  source: string;
  updated_at: number;
}

/** Row of a setting that holds for the whole company. */
export interface CompanySettingTable {
  name: string;
  value: string;
  updated_at: number;
}

/** Row of what is known of a version of a distribution; an empty version stands for all. */
export interface PackageVerdictTable {
  distribution: string;
  version: string;
  kind: string;
  verdict: string;
  source: string;
  updated_at: number;
}

/** A labelled place with its id. */
export interface StoredPlace extends PlaceLabels {
  readonly id: string;
  readonly source: string;
}

/** A rule of responsibility with its id. */
export interface StoredResponsibility extends Responsibility {
  readonly id: string;
  readonly source: string;
}

/** All that the company said. */
export interface Company {
  readonly departments: readonly (Department & { readonly source: string })[];
  readonly responsibilities: readonly StoredResponsibility[];
  readonly places: readonly StoredPlace[];
  readonly settings: CompanySettings;
}

/** Source of what people wrote in the console. */
export const CONSOLE_SOURCE = 'console';
const SETTINGS = 'settings';

/** Reads all that the company said. */
export async function readCompany(store: ControlStore): Promise<Company> {
  const [departments, responsibilities, places, setting] = await Promise.all([
    store.selectFrom('department').selectAll().orderBy('name').orderBy('id').execute(),
    store.selectFrom('responsibility').selectAll().orderBy('place').orderBy('id').execute(),
    store.selectFrom('data_place').selectAll().orderBy('kind').orderBy('match').orderBy('id').execute(),
    store.selectFrom('company_setting').select('value').where('name', '=', SETTINGS).executeTakeFirst(),
  ]);
  return {
    departments: departments.map(({ id, name, custodian, calendar, schedules, source }) => ({
      ...Department.parse({
        id,
        name,
        ...(custodian === null ? {} : { custodian }),
        ...(calendar === null ? {} : { calendar: JSON.parse(calendar) as unknown }),
        schedules: JSON.parse(schedules) as unknown,
      }),
      source,
    })),
    responsibilities: responsibilities.map(({ id, content, source }) => ({
      ...Responsibility.parse(JSON.parse(content)),
      id,
      source,
    })),
    places: places.map(({ id, kind, match, labels, name, is_share, source }) => ({
      id,
      source,
      kind: kind as PlaceLabels['kind'],
      match,
      labels: JSON.parse(labels) as string[],
      ...(name === null ? {} : { name }),
      ...(is_share === 1 ? { place: 'share' as const } : {}),
    })),
    settings: CompanySettings.parse(setting === undefined ? {} : JSON.parse(setting.value)),
  };
}

/** Takes a document: what an earlier one of the same name said is replaced as a whole. */
export async function importCompany(store: ControlStore, document: CompanyDocument, nowMs: number): Promise<void> {
  const parsed = CompanyDocument.parse(document);
  const { source, departments, responsibilities, places, settings, packageVerdicts } = parsed;
  await store.transaction().execute(async (transaction) => {
    for (const table of ['department', 'responsibility', 'data_place', 'package_verdict'] as const)
      await transaction.deleteFrom(table).where('source', '=', source).execute();
    for (const department of departments) await putDepartment(transaction, department, source, nowMs);
    for (const [place, responsibility] of responsibilities.entries())
      await addResponsibility(transaction, responsibility, source, place, nowMs);
    for (const place of places) await addPlace(transaction, place, source, nowMs);
    if (settings !== undefined) await putSettings(transaction, settings, nowMs);
    await putVerdicts(transaction, packageVerdicts, source, nowMs);
    for (const person of parsed.people) await savePersonFacts(transaction, factsOf(person), 'csv', nowMs);
    await putKnownSchedules(transaction, source, parsed.knownSchedules);
  });
}

/** Writes a department anew. */
export async function putDepartment(
  store: ControlStore,
  { id, name, custodian, calendar, schedules }: Department,
  source: string,
  nowMs: number,
): Promise<void> {
  const row = {
    name,
    custodian: custodian ?? null,
    calendar: calendar === undefined ? null : JSON.stringify(calendar),
    schedules: JSON.stringify(schedules),
    source,
    updated_at: nowMs,
  };
  await store
    .insertInto('department')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** Adds a rule of responsibility; gives its id. */
export async function addResponsibility(
  store: ControlStore,
  responsibility: Responsibility,
  source: string,
  place: number,
  nowMs: number,
): Promise<string> {
  const id = newUuidV7();
  const { kind, match } = responsibility;
  await store
    .insertInto('responsibility')
    .values({ id, place, kind, match, content: JSON.stringify(responsibility), source, updated_at: nowMs })
    .execute();
  return id;
}

/** Adds a labelled place; gives its id. */
export async function addPlace(
  store: ControlStore,
  { kind, match, labels, name, place }: PlaceLabels,
  source: string,
  nowMs: number,
): Promise<string> {
  const id = newUuidV7();
  await store
    .insertInto('data_place')
    .values({
      id,
      kind,
      match,
      labels: JSON.stringify([...new Set(labels)].sort()),
      name: name ?? null,
      is_share: place === 'share' ? 1 : 0,
      source,
      updated_at: nowMs,
    })
    .execute();
  return id;
}

/** Writes the settings anew. */
export async function putSettings(store: ControlStore, settings: CompanySettings, nowMs: number): Promise<void> {
  const row = { value: JSON.stringify(settings), updated_at: nowMs };
  await store
    .insertInto('company_setting')
    .values({ name: SETTINGS, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

/** Keeps verdicts on distributions; a newer one of the same version replaces the older. */
export async function putVerdicts(
  store: ControlStore,
  verdicts: readonly PackageVerdict[],
  source: string,
  nowMs: number,
): Promise<void> {
  for (const verdict of verdicts) {
    const row = { verdict: JSON.stringify(verdict), source, updated_at: nowMs };
    await store
      .insertInto('package_verdict')
      .values({ distribution: verdict.distribution, version: verdict.version ?? '', kind: verdict.kind, ...row })
      .onConflict((conflict) => conflict.columns(['distribution', 'version', 'kind']).doUpdateSet(row))
      .execute();
  }
}

/** What is known of distributions, by their names. */
export async function findVerdicts(store: ControlStore, distributions: readonly string[]): Promise<PackageVerdict[]> {
  const found: PackageVerdict[] = [];
  for (let start = 0; start < distributions.length; start += 500) {
    const rows = await store
      .selectFrom('package_verdict')
      .select('verdict')
      .where('distribution', 'in', distributions.slice(start, start + 500))
      .execute();
    found.push(...rows.map(({ verdict }) => PackageVerdict.parse(JSON.parse(verdict))));
  }
  return found;
}
