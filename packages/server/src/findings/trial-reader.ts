import type { JudgeContext } from '@sentinel/detector';
import { PackageVerdict, type ScriptFacts, type StoredRun } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import type { FamilyTable } from '../store/family.ts';
import type { TrialFile, TrialKnowledge, TrialRun, TrialSummary } from './trial-protocol.ts';

type KnownFamily = Pick<FamilyTable, 'id' | 'owner' | 'sanction' | 'department_id'>;

const CHUNK = 1_000;
const BASELINE_RUNS = 50;

/** Reads once each thing that runs of a trial are judged by, and tells every thread what it was not told yet. */
export class TrialReader {
  readonly #control: ControlStore;
  readonly #families: ReadonlyMap<string, KnownFamily>;
  /** By thread. */
  readonly #told: readonly {
    readonly contexts: Set<string>;
    readonly facts: Set<string>;
    readonly endpoints: Set<string>;
    isBegun: boolean;
  }[];
  readonly #contexts = new Map<string, JudgeContext>();
  readonly #facts = new Map<string, Pick<ScriptFacts, 'analysis' | 'secretUses'>>();
  readonly #asked = new Set<string>();
  readonly #begun = new Set<string>();
  #verdicts: readonly PackageVerdict[] = [];

  private constructor(control: ControlStore, families: readonly KnownFamily[], threads: number) {
    this.#control = control;
    this.#families = new Map(families.map((family) => [family.id, family]));
    this.#told = Array.from({ length: threads }, () => ({
      contexts: new Set<string>(),
      facts: new Set<string>(),
      endpoints: new Set<string>(),
      isBegun: false,
    }));
  }

  /** Reads what is needed from the beginning. */
  static async open(control: ControlStore, threads: number): Promise<TrialReader> {
    const [families, verdicts] = await Promise.all([
      control.selectFrom('family').select(['id', 'owner', 'sanction', 'department_id']).execute(),
      control.selectFrom('package_verdict').select('verdict').execute(),
    ]);
    const reader = new TrialReader(control, families, threads);
    reader.#verdicts = verdicts.map(({ verdict }) => PackageVerdict.parse(JSON.parse(verdict)));
    return reader;
  }

  /** Families of runs that were judged, by run. */
  async familiesOf(runs: readonly StoredRun[]): Promise<ReadonlyMap<string, KnownFamily>> {
    const found = new Map<string, KnownFamily>();
    for (let start = 0; start < runs.length; start += CHUNK) {
      const rows = await this.#control
        .selectFrom('judged_run')
        .select(['run_id', 'family_id'])
        .where(
          'run_id',
          'in',
          runs.slice(start, start + CHUNK).map(({ id }) => id),
        )
        .execute();
      for (const { run_id, family_id } of rows) {
        const family = this.#families.get(family_id);
        if (family !== undefined) found.set(run_id, family);
      }
    }
    return found;
  }

  /** A run that was not judged yet is of a family of its own. */
  unknownFamily(run: StoredRun): KnownFamily {
    return { id: `script:${run.script.id}`, owner: null, sanction: null, department_id: null };
  }

  /** Hashes of versions of which the facts were not asked for yet. */
  newVersions(runs: readonly StoredRun[]): string[] {
    const hashes = new Set(runs.flatMap(({ script }) => script.sha256 ?? []));
    const fresh = [...hashes].filter((sha256) => !this.#asked.has(sha256));
    for (const sha256 of fresh) this.#asked.add(sha256);
    return fresh;
  }

  /** Keeps the context of a department. */
  context(key: string, make: () => JudgeContext): void {
    if (!this.#contexts.has(key)) this.#contexts.set(key, make());
  }

  /** What each thread has to be told before these runs. */
  async knowledge(
    runs: readonly TrialRun[],
    facts: ReadonlyMap<string, ScriptFacts>,
    threadOf: ReadonlyMap<string, number>,
  ): Promise<TrialKnowledge[]> {
    for (const [sha256, { analysis, secretUses }] of facts) this.#facts.set(sha256, { analysis, secretUses });
    const summaries = await this.#summariesFor(runs);
    return Promise.all(
      this.#told.map(async (told, thread): Promise<TrialKnowledge> => {
        const own = runs.filter(({ run }) => threadOf.get(run.endpointId) === thread);
        const endpoints = fresh(
          own.map(({ run }) => run.endpointId),
          told.endpoints,
        );
        const verdicts = told.isBegun ? [] : this.#verdicts;
        told.isBegun = true;
        return {
          contexts: this.#some(
            own.map(({ context }) => context),
            told.contexts,
            this.#contexts,
          ),
          facts: this.#some(
            own.flatMap(({ run }) => run.script.sha256 ?? []),
            told.facts,
            this.#facts,
          ),
          verdicts,
          files: await this.#filesOf(endpoints),
          samples: await this.#samplesOf(endpoints),
          summaries,
        };
      }),
    );
  }

  #some<T>(keys: readonly string[], told: Set<string>, of: ReadonlyMap<string, T>): Map<string, T> {
    const found = new Map<string, T>();
    for (const key of new Set(keys)) {
      const value = of.get(key);
      if (value === undefined || told.has(key)) continue;
      told.add(key);
      found.set(key, value);
    }
    return found;
  }

  /** Summaries of runs before these, for families that come the first time, and of these themselves. */
  async #summariesFor(runs: readonly TrialRun[]): Promise<Map<string, TrialSummary[]>> {
    const found = new Map<string, TrialSummary[]>();
    const firstMs = Math.min(...runs.map(({ run }) => Date.parse(run.startedAt)));
    const ask = () => this.#control.selectFrom('judged_run').select(['run_id', 'started_at', 'summary']);
    for (const familyId of fresh(
      runs.map((one) => one.familyId),
      this.#begun,
    )) {
      const rows = await ask()
        .where('family_id', '=', familyId)
        .where('started_at', '<', firstMs)
        .where('is_running', '=', 0)
        .orderBy('started_at', 'desc')
        .limit(BASELINE_RUNS)
        .execute();
      found.set(familyId, rows.reverse().map(toSummary));
    }
    const familyOf = new Map(runs.map(({ run, familyId }) => [run.id, familyId]));
    const ids = [...familyOf.keys()];
    for (let start = 0; start < ids.length; start += CHUNK) {
      const rows = await ask()
        .where('run_id', 'in', ids.slice(start, start + CHUNK))
        .where('is_running', '=', 0)
        .execute();
      for (const row of rows) {
        const familyId = familyOf.get(row.run_id) ?? '';
        const known = found.get(familyId) ?? [];
        known.push(toSummary(row));
        found.set(familyId, known);
      }
    }
    for (const known of found.values()) known.sort((one, other) => one.startedMs - other.startedMs);
    return found;
  }

  async #filesOf(endpoints: readonly string[]): Promise<Map<string, TrialFile[]>> {
    const found = new Map<string, TrialFile[]>(endpoints.map((id) => [id, []]));
    for (let start = 0; start < endpoints.length; start += CHUNK) {
      const rows = await this.#control
        .selectFrom('labelled_file')
        .selectAll()
        .where('endpoint_id', 'in', endpoints.slice(start, start + CHUNK))
        .execute();
      for (const row of rows)
        found.get(row.endpoint_id)?.push({
          path: row.path,
          labels: JSON.parse(row.labels) as string[],
          familyId: row.family_id,
          runId: row.run_id,
          madeAt: row.made_at,
          seenAt: row.seen_at,
          isGone: row.gone_at !== null,
        });
    }
    return found;
  }

  async #samplesOf(endpoints: readonly string[]): Promise<Map<string, Record<string, string[]>>> {
    const found = new Map<string, Record<string, string[]>>();
    for (let start = 0; start < endpoints.length; start += CHUNK) {
      const rows = await this.#control
        .selectFrom('sampled_file')
        .select(['endpoint_id', 'path', 'labels'])
        .where('endpoint_id', 'in', endpoints.slice(start, start + CHUNK))
        .where('labels', '!=', '[]')
        .execute();
      for (const { endpoint_id, path, labels } of rows) {
        const known = found.get(endpoint_id) ?? {};
        known[path] = JSON.parse(labels) as string[];
        found.set(endpoint_id, known);
      }
    }
    return found;
  }
}

function toSummary({ run_id, started_at, summary }: { run_id: string; started_at: number; summary: string }) {
  return { runId: run_id, startedMs: started_at, summary };
}

/** Those that were not there yet; they are afterwards. */
function fresh(keys: readonly string[], told: Set<string>): string[] {
  const found = [...new Set(keys)].filter((key) => !told.has(key));
  for (const key of found) told.add(key);
  return found;
}
