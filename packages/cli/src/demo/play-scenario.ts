import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, RunReport } from '@sentinel/protocol';
import { DEMO_SOURCES, type DemoFolder } from './demo-folder.ts';
import { describeRun } from './describe-run.ts';
import { runProcess } from './run-process.ts';
import { scenarioContext } from './scenario-context.ts';
import type { Scenario, ServiceUrls } from './scenarios.ts';

/** What became of one script. */
export interface ScenarioResult {
  readonly number: number;
  readonly person: string;
  readonly title: string;
  readonly wanted: string;
  readonly standIns: string;
  /** Path of the script that ran. */
  readonly script: string;
  /** Exit code of the script; null when it could not run or a signal ended it. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** Id of its run, where the probe wrote one. */
  readonly runId?: string;
  /** What it did, in plain words. */
  readonly did: readonly string[];
  /** What rules found, the worst first. */
  readonly found: readonly Finding[];
  /** Path of the run report, where there is one. */
  readonly report?: string;
  /** Why it failed, where it did. */
  readonly problem?: string;
}

/** What a script needs to be played. */
export interface Stage {
  readonly dataFolder: string;
  readonly folder: DemoFolder;
  /** Python of the demo's environment. */
  readonly python: string;
  readonly urls: ServiceUrls;
  /** Command that runs a program under the probe: `sentinel run`. */
  readonly holder: readonly [string, ...string[]];
}

/** A script that takes longer hangs. */
const LIMIT_MS = 180_000;

/** Puts the script into its person's folder and runs it there under the probe. */
export async function playScenario(scenario: Scenario, stage: Stage, signal: AbortSignal): Promise<ScenarioResult> {
  const { folder, holder } = stage;
  const home = join(folder.people, scenario.name);
  const script = join(home, scenario.script);
  const report = join(folder.reports, `${scenario.name}.json`);
  const logFile = join(folder.logs, `${scenario.script}.log`);
  mkdirSync(home, { recursive: true });
  cpSync(join(DEMO_SOURCES, 'scripts', scenario.name, scenario.script), script);
  writeFileSync(join(home, 'settings.ini'), settingsText(scenario.settings(folder, stage.urls)));
  const context = join(folder.reports, `${scenario.name}.context.json`);
  writeFileSync(context, `${JSON.stringify(scenarioContext(scenario, folder, new Date()), null, 2)}\n`);
  rmSync(report, { force: true });

  const [command, ...args] = holder;
  const limit = AbortSignal.timeout(LIMIT_MS);
  const startedMs = performance.now();
  const { code, tail } = await runProcess(
    command,
    [...args, '--data', stage.dataFolder, '--report', report, '--context', context, '--', stage.python, script],
    { cwd: home, env: scriptEnvironment(), signal: AbortSignal.any([signal, limit]), logFile },
  );
  const { number, person, title, wanted, standIns } = scenario;
  const result = {
    number,
    person,
    title,
    wanted,
    standIns,
    script,
    exitCode: code,
    durationMs: Math.round(performance.now() - startedMs),
    ...readReport(report, folder),
  };
  if (code === 0) return result;
  const why = limit.aborted
    ? `It was stopped after ${LIMIT_MS / 1000} s.`
    : `It ended with ${code === null ? 'a signal' : `exit code ${code}`}.`;
  return { ...result, problem: [why, ...tail, `The log: ${logFile}`].join('\n') };
}

function readReport(report: string, folder: DemoFolder): Pick<ScenarioResult, 'did' | 'found' | 'report' | 'runId'> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { did: [], found: [] };
  }
  const parsed = RunReport.safeParse(content);
  if (!parsed.success) return { did: [], found: [], report };
  const { run, findings } = parsed.data;
  return { did: describeRun(parsed.data, folder), found: findings, report, ...(run === null ? {} : { runId: run.id }) };
}

function settingsText(sections: Record<string, Record<string, string>>): string {
  return Object.entries(sections)
    .map(([name, entries]) => {
      const lines = Object.entries(entries).map(([key, value]) => `${key} = ${value}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}

/** The user's environment; a proxy must not come between the scripts and the services of this computer. */
function scriptEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PYTHONIOENCODING: 'utf-8' };
  for (const name of ['PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP']) delete env[name];
  for (const name of ['NO_PROXY', 'no_proxy']) {
    env[name] = [env[name], '127.0.0.1', 'localhost'].filter((part) => part !== undefined && part !== '').join(',');
  }
  return env;
}
