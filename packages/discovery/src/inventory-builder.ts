import type {
  InterpreterFound,
  Inventory,
  PythonCommand,
  PythonProcess,
  ReferenceFound,
  ScheduleFound,
} from '@sentinel/protocol';
import { mergeInterpreters } from './classify/interpreter.ts';
import { isUnder } from './classify/place.ts';
import type { FolderFinds, InterpreterSeen } from './walk/folder-task.ts';

/** Collects what folders told into one inventory. */
export class InventoryBuilder {
  readonly #interpreters: InterpreterSeen[] = [];
  readonly #found: Pick<
    Inventory,
    'environments' | 'packages' | 'scripts' | 'notebooks' | 'launchers' | 'kernels' | 'frozen' | 'references'
  > = {
    environments: [],
    packages: [],
    scripts: [],
    notebooks: [],
    launchers: [],
    kernels: [],
    frozen: [],
    references: [],
  };

  get scriptCount(): number {
    return this.#found.scripts.length + this.#found.notebooks.length;
  }

  add(finds: FolderFinds): void {
    this.#interpreters.push(...(finds.interpreters ?? []));
    this.#found.environments.push(...(finds.environments ?? []));
    for (const one of finds.packages ?? []) this.#found.packages.push(one);
    for (const one of finds.scripts ?? []) this.#found.scripts.push(one);
    this.#found.notebooks.push(...(finds.notebooks ?? []));
    this.#found.launchers.push(...(finds.launchers ?? []));
    this.#found.kernels.push(...(finds.kernels ?? []));
    this.#found.frozen.push(...(finds.frozen ?? []));
    this.#found.references.push(...(finds.references ?? []));
  }

  /** @param roots - Where given, only schedules and processes that have to do with these folders. */
  build(
    machine: {
      schedules: ScheduleFound[];
      processes: PythonProcess[];
      registered: InterpreterFound[];
      references: ReferenceFound[];
    },
    roots: readonly string[] | undefined,
  ): Inventory {
    const isInside = (path: string | undefined) =>
      path !== undefined && (roots === undefined || roots.some((root) => isUnder(path, root)));
    const concerns = (command: PythonCommand | undefined) => isInside(command?.script) || isInside(command?.program);
    const walked = mergeInterpreters(this.#interpreters);
    const known = new Set(walked.flatMap(({ path, aliases }) => [path, ...aliases]).map((path) => path.toLowerCase()));
    return {
      interpreters: [...walked, ...machine.registered.filter(({ path }) => !known.has(path.toLowerCase()))],
      environments: sortedBy(this.#found.environments, ({ prefix }) => prefix),
      packages: sortedBy(this.#found.packages, ({ site, distribution }) => `${site}\0${distribution}`),
      scripts: sortedBy(this.#found.scripts, ({ path }) => path),
      notebooks: sortedBy(this.#found.notebooks, ({ path }) => path),
      schedules: sortedBy(
        roots === undefined
          ? machine.schedules
          : machine.schedules.filter(({ source, command }) => isInside(source) || concerns(command)),
        ({ source, line }) => `${source}\0${line ?? 0}`,
      ),
      launchers: sortedBy(this.#found.launchers, ({ path }) => path),
      kernels: sortedBy(this.#found.kernels, ({ path }) => path),
      frozen: sortedBy(this.#found.frozen, ({ path }) => path),
      references: sortedBy(
        [...this.#found.references, ...(roots === undefined ? machine.references : [])],
        ({ path, name }) => `${path}\0${name ?? ''}`,
      ),
      processes:
        roots === undefined
          ? machine.processes
          : machine.processes.filter(
              ({ executable, cwd, command }) => isInside(executable) || isInside(cwd) || concerns(command),
            ),
    };
  }
}

function sortedBy<T>(items: T[], keyOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}
