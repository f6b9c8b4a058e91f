import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isAgentRunning } from '@sentinel/capture';
import type { CompanyDocument } from '@sentinel/protocol';
import { demoCompany } from './demo-company.ts';
import { demoFolder, occupyDemoFolder } from './demo-folder.ts';
import { findPython } from './find-python.ts';
import { makeData } from './make-data.ts';
import { playScenario, type ScenarioResult, type Stage } from './play-scenario.ts';
import { preparePythonEnvironment } from './python-environment.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { startServices } from './services.ts';

/** Settings of `sentinel demo`. */
export interface DemoOptions {
  readonly dataFolder: string;
  readonly scenarios: readonly Scenario[];
  /** Rows of the clinical database. */
  readonly patients: number;
  /** The Python to make the environment with; else one is looked for. */
  readonly python: string | undefined;
  readonly progress: (text: string) => void;
  /** Told each script's result as it comes. */
  readonly onResult: (result: ScenarioResult) => void;
  readonly signal: AbortSignal;
  /** Told what the demo's company says of itself, before the first script runs. */
  readonly onCompany?: (company: CompanyDocument) => void;
  /** Command that runs a program under the probe; `sentinel run` unless told otherwise. */
  readonly holder?: readonly [string, ...string[]];
}

/** What `sentinel demo --json` prints. */
export interface DemoResult {
  readonly ok: boolean;
  readonly dataFolder: string;
  /** Whether an agent took the runs to the console. */
  readonly agentRunning: boolean;
  readonly python: { readonly executable: string; readonly version: string };
  readonly patients: number;
  readonly durationMs: number;
  readonly scenarios: readonly ScenarioResult[];
}

const SENTINEL_BIN = fileURLToPath(new URL('../../bin/sentinel.js', import.meta.url));
/** `sentinel up` starts agent and demo together; the agent needs a moment. */
const AGENT_WAIT_MS = 5000;

/**
 * Plays scripts of the demo: two at a time, the quick ones while the large data set is made.
 * @throws DemoError when it cannot start; a script that fails is a result.
 */
export async function playDemo(options: DemoOptions): Promise<DemoResult> {
  const { dataFolder, progress, signal } = options;
  const startedMs = performance.now();
  const folder = demoFolder(dataFolder);
  const release = occupyDemoFolder(folder);
  // Ends what runs beside when the demo fails half-way.
  const failure = new AbortController();
  const ending = AbortSignal.any([signal, failure.signal]);
  const beside: Promise<unknown>[] = [];
  try {
    options.onCompany?.(demoCompany(scenarios, folder, new Date()));
    progress('Looking for Python');
    const found = await findPython(options.python);
    const early = new Map<Scenario, Promise<void>>();
    for (const scenario of options.scenarios) {
      const dataSet = scenario.dataSet(folder, options.patients);
      if (dataSet.kind !== 'clinical') continue;
      const made = makeData(folder, dataSet, found.executable, ending);
      early.set(scenario, made);
      beside.push(made);
      made.catch(() => undefined);
    }
    const python = await preparePythonEnvironment(folder, found, progress, ending);
    const services = await startServices(folder, new Set(options.scenarios.flatMap((scenario) => scenario.services)));
    try {
      const agentRunning = await waitForAgent(dataFolder, ending);
      const holder = options.holder ?? ([process.execPath, SENTINEL_BIN, 'run'] as const);
      const stage: Stage = { dataFolder, folder, python, urls: services.urls, holder };
      const results: ScenarioResult[] = [];
      const play = async (scenario: Scenario) => {
        if (early.has(scenario)) progress(`Making ${options.patients.toLocaleString('en')} patients`);
        const data =
          early.get(scenario) ?? makeData(folder, scenario.dataSet(folder, options.patients), python, ending);
        const problem = await data.then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        ending.throwIfAborted();
        if (problem === undefined) progress(`Playing: ${scenario.title}`);
        const result =
          problem === undefined ? await playScenario(scenario, stage, ending) : notPlayed(scenario, problem);
        ending.throwIfAborted();
        results.push(result);
        options.onResult(result);
      };
      const slow = options.scenarios.filter((scenario) => early.has(scenario));
      const quick = options.scenarios.filter((scenario) => !early.has(scenario));
      const lanes = [quick, slow].map(async (lane) => {
        for (const scenario of lane) await play(scenario);
      });
      beside.push(...lanes);
      await Promise.all(lanes);
      const ordered = results.toSorted((a, b) => a.number - b.number);
      return {
        ok: ordered.every(({ exitCode }) => exitCode === 0),
        dataFolder,
        agentRunning,
        python: { executable: python, version: found.version },
        patients: options.patients,
        durationMs: Math.round(performance.now() - startedMs),
        scenarios: ordered,
      };
    } finally {
      await services.stop();
    }
  } finally {
    failure.abort();
    await Promise.allSettled(beside);
    release();
  }
}

async function waitForAgent(dataFolder: string, signal: AbortSignal): Promise<boolean> {
  const untilMs = performance.now() + (existsSync(join(dataFolder, 'server')) ? AGENT_WAIT_MS : 0);
  while (!isAgentRunning(dataFolder)) {
    if (performance.now() >= untilMs) return false;
    await wait(100, undefined, { signal });
  }
  return true;
}

function notPlayed({ number, person, title, wanted, standIns, script }: Scenario, problem: string): ScenarioResult {
  return {
    number,
    person,
    title,
    wanted,
    standIns,
    script,
    exitCode: null,
    durationMs: 0,
    did: [],
    found: [],
    problem,
  };
}
