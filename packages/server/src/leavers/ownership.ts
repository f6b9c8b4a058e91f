import { matchesGlob } from '@sentinel/detector';
import type { DirectoryPerson } from '@sentinel/protocol';
import { readCompany, type StoredResponsibility } from '../store/company.ts';
import type { ControlStore } from '../store/control-store.ts';

interface Copy {
  readonly family_id: string;
  readonly script_id: string;
  readonly path: string;
}

/** Who is said to own which scripts: by a decision about their family, else by the company's rules. */
export class Ownership {
  readonly #ownerOfFamily: ReadonlyMap<string, string>;
  readonly #rules: readonly StoredResponsibility[];
  readonly #copies: readonly Copy[];

  private constructor(owners: ReadonlyMap<string, string>, rules: readonly StoredResponsibility[], copies: Copy[]) {
    this.#ownerOfFamily = owners;
    this.#rules = rules;
    this.#copies = copies;
  }

  /** Reads who owns what now. */
  static async read(store: ControlStore): Promise<Ownership> {
    const [{ responsibilities }, families, copies] = await Promise.all([
      readCompany(store),
      store.selectFrom('family').select(['id', 'owner']).where('owner', 'is not', null).execute(),
      store.selectFrom('family_copy').select(['family_id', 'script_id', 'path']).distinct().execute(),
    ]);
    return new Ownership(
      new Map(families.map(({ id, owner }) => [id, (owner ?? '').toLowerCase()])),
      responsibilities.filter(({ kind, owner }) => kind === 'path' && typeof owner === 'string'),
      copies,
    );
  }

  /** Scripts that somebody owns, by id, each with its family. */
  scriptsOf(person: Pick<DirectoryPerson, 'userName' | 'displayName' | 'accounts'>): Map<string, string> {
    const names = new Set([person.userName, person.displayName, ...person.accounts].map((name) => name.toLowerCase()));
    const places = this.#rules.filter(({ owner }) => names.has((owner ?? '').toLowerCase()));
    const owned = this.#copies.filter(({ family_id, path }) => {
      const owner = this.#ownerOfFamily.get(family_id);
      return owner === undefined ? places.some(({ match }) => matchesGlob(path, match)) : names.has(owner);
    });
    return new Map(owned.map(({ script_id, family_id }) => [script_id, family_id]));
  }
}
