import { type JudgeContext, JudgeContext as JudgeContextShape, matchesGlob } from '@sentinel/detector';
import type { Run } from '@sentinel/protocol';
import { type Company, readCompany, type StoredResponsibility } from '../store/company.ts';
import type { ControlStore } from '../store/control-store.ts';

/** What the company says of one run's script. */
export interface RunStanding {
  readonly departmentId: string | null;
  /** Undefined: nobody said; null: it is known that nobody owns it. */
  readonly owner: string | null | undefined;
  readonly sanction: StoredResponsibility['sanction'];
}

/** What the company knows, ready to judge runs with. */
export class CompanyView {
  readonly company: Company;
  readonly #base: JudgeContext;
  readonly #departmentOf: ReadonlyMap<string, string>;

  private constructor(company: Company, departmentOf: ReadonlyMap<string, string>) {
    this.company = company;
    this.#departmentOf = departmentOf;
    const { businessSystems, hosts, mailDomains, ai, limits } = company.settings;
    this.#base = JudgeContextShape.parse({
      labels: company.places.map(({ id: _id, source: _source, ...place }) => place),
      businessSystems,
      hosts,
      mailDomains,
      ai,
      limits: knownLimits(limits),
    });
  }

  /** Reads what the company said until now. */
  static async read(store: ControlStore): Promise<CompanyView> {
    const [company, endpoints] = await Promise.all([
      readCompany(store),
      store.selectFrom('endpoint').select(['id', 'department']).where('department', 'is not', null).execute(),
    ]);
    return new CompanyView(company, new Map(endpoints.map(({ id, department }) => [id, department ?? ''])));
  }

  /** Context of every run of a department in a time zone, else in the calendar's; the run's own facts are added to it. */
  contextOf(departmentId: string | null, timeZone?: string): JudgeContext {
    const department = this.company.departments.find(({ id }) => id === departmentId);
    if (department === undefined) return this.#base;
    const { calendar, schedules } = department;
    return {
      ...this.#base,
      ...(calendar === undefined ? {} : { calendar: { ...calendar, timeZone: timeZone ?? calendar.timeZone } }),
      schedules,
    };
  }

  /** Who answers for a run's script, by the first rule that fits; the computer's department where none does. */
  standingOf(run: Run & { readonly endpointId: string }): RunStanding {
    const rule = this.company.responsibilities.find((one) => fits(one, run));
    return {
      departmentId: rule?.departmentId ?? this.#departmentOf.get(run.endpointId) ?? null,
      owner: rule?.owner,
      sanction: rule?.sanction,
    };
  }
}

function fits({ kind, match }: StoredResponsibility, run: Run): boolean {
  switch (kind) {
    case 'path':
      return run.script.path !== undefined && matchesGlob(run.script.path, match);
    case 'user':
      return run.user.name.toLowerCase() === match.toLowerCase();
    case 'host':
      return run.hostName.toLowerCase() === match.toLowerCase();
    default:
      return kind satisfies never;
  }
}

/** Limits that the detector knows; others are of a newer or older version. */
function knownLimits(limits: Readonly<Record<string, number>>): Record<string, number> {
  const known = JudgeContextShape.shape.limits.unwrap().shape;
  return Object.fromEntries(Object.entries(limits).filter(([name]) => name in known));
}
