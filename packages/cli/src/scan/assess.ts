import { readFileSync } from 'node:fs';
import { CpuBrake } from '@sentinel/discovery';
import type { Analysis, Inventory, NotebookFound, ScriptAssessment, ScriptFound } from '@sentinel/protocol';
import type { AnalyserLink, ScriptFacts } from './analyser-link.ts';
import { localModules } from './local-modules.ts';

/** How far the analysis is. */
export interface AssessProgress {
  readonly done: number;
  readonly total: number;
  readonly path: string;
}

/**
 * Analysis and risk of every script and notebook whose bytes were read, the highest risk first.
 * The same content is analysed once.
 */
export async function assess(
  inventory: Inventory,
  link: AnalyserLink,
  options: { cpuPercent?: number; signal?: AbortSignal; onProgress?: (progress: AssessProgress) => void },
): Promise<ScriptAssessment[]> {
  const sources = [...inventory.scripts, ...inventory.notebooks].filter(({ notRead }) => notRead === undefined);
  const scheduled = scheduledScripts(inventory);
  const localOf = localModules(inventory.scripts);
  const brake = options.cpuPercent === undefined ? undefined : new CpuBrake(options.cpuPercent);
  const byHash = new Map<string, Promise<Analysis | undefined>>();
  const assessments: ScriptAssessment[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < sources.length && options.signal?.aborted !== true) {
      const source = sources[next];
      next += 1;
      if (source === undefined) break;
      const key = source.sha256 ?? source.path;
      let analysis = byHash.get(key);
      if (analysis === undefined) {
        analysis = analyseFile(source.path, link, localOf(source.path));
        byHash.set(key, analysis);
      }
      const found = await analysis;
      if (found !== undefined) {
        const analysed = link.settle({ ...found, path: source.path }, source.owner.name);
        assessments.push({
          path: source.path,
          risk: link.riskOf(analysed, factsOf(source, scheduled)),
          analysis: analysed,
        });
      }
      done += 1;
      options.onProgress?.({ done, total: sources.length, path: source.path });
      const owedMs = brake?.owedMs() ?? 0;
      if (owedMs >= 1) await new Promise((resolve) => setTimeout(resolve, owedMs));
    }
  };
  await Promise.all(Array.from({ length: brake === undefined ? link.width : 1 }, work));
  return assessments.sort((a, b) => b.risk.score - a.risk.score || (a.path < b.path ? -1 : 1));
}

/** Scripts that something starts by itself. */
export function scheduledScripts({ schedules, launchers }: Inventory): ReadonlySet<string> {
  const launched = new Map(
    launchers.map(({ path, commands }) => [path, commands.flatMap(({ script }) => script ?? [])]),
  );
  return new Set(
    schedules.flatMap(({ command }) =>
      command.script === undefined ? [] : [command.script, ...(launched.get(command.script) ?? [])],
    ),
  );
}

/** Facts of each source of an inventory, by its path. */
export function scriptFacts(inventory: Inventory): (path: string) => ScriptFacts {
  const scheduled = scheduledScripts(inventory);
  const sources = new Map([...inventory.scripts, ...inventory.notebooks].map((source) => [source.path, source]));
  return (path) => {
    const source = sources.get(path);
    return source === undefined ? {} : factsOf(source, scheduled);
  };
}

function factsOf(source: ScriptFound | NotebookFound, scheduled: ReadonlySet<string>): ScriptFacts {
  return {
    isScheduled: scheduled.has(source.path),
    isPrivileged: source.owner.uid === 0 && scheduled.has(source.path),
    isOwnerKnown: source.owner.uid === undefined || source.owner.name !== undefined,
    isInPersonalCloud: source.place.isPersonalCloud === true,
  };
}

async function analyseFile(
  path: string,
  link: AnalyserLink,
  local: ReadonlySet<string>,
): Promise<Analysis | undefined> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    // It went away since it was found; the inventory still has it.
    return undefined;
  }
  return link.analyse(bytes, path, local);
}
