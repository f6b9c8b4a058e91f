import type { DemoResult } from './play-demo.ts';
import type { ScenarioResult } from './play-scenario.ts';

/** A line on a terminal that shows what goes on; nothing in a pipe. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/** Makes the progress line for a stream. */
export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show(text) {
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns || 80) - 5)} …`);
    },
    clear() {
      stream.write('\r\u001b[K');
    },
  };
}

/** Introduces the demo. */
export function introduction(scripts: number): string {
  const what =
    scripts === 1
      ? 'One script as a business user has it, run as a real Python process'
      : `${scripts} scripts as business users have them, run as real Python processes`;
  return `${what} under the probe.\nAll data is invented; services, files and databases are local.\n\n`;
}

/** One script: what its person wanted, what it did. */
export function describeResult(result: ScenarioResult): string {
  const state = result.problem === undefined ? `done in ${(result.durationMs / 1000).toFixed(1)} s` : 'FAILED';
  const lines = [
    `${result.number}  ${result.person}: ${result.title}  (${state})`,
    ...block('Wanted', [result.wanted]),
  ];
  if (result.did.length > 0) lines.push(...block('Did', result.did));
  if (result.did.length === 0 && result.problem === undefined)
    lines.push(...block('Did', ['The probe wrote no report of this run.']));
  if (result.found.length > 0)
    lines.push(
      ...block(
        'Found',
        result.found.map(({ severity, title }) => `${severity}: ${title}`),
      ),
    );
  lines.push(...block('Note', [result.standIns]));
  if (result.problem !== undefined) lines.push(...block('Failed', result.problem.split('\n')));
  return `${lines.join('\n')}\n\n`;
}

/** Where to look now. */
export function conclusion(result: DemoResult, defaultPatients: number): string {
  const { scenarios } = result;
  const failed = scenarios.filter(({ problem }) => problem !== undefined).length;
  const lines = [
    failed === 0
      ? `All ran in ${(result.durationMs / 1000).toFixed(1)} s.`
      : `${failed} of ${scenarios.length} failed.`,
  ];
  if (result.patients !== defaultPatients && scenarios.some(({ number }) => number === 3)) {
    lines.push(
      `The clinical database had ${result.patients.toLocaleString('en')} rows instead of ${defaultPatients.toLocaleString('en')}, as asked.`,
    );
  }
  lines.push(
    result.agentRunning
      ? 'The runs stand in the console, under Runs.'
      : `No agent runs on ${result.dataFolder}, so the console does not show these runs.\nStart it with "npm start" and play the demo again.`,
  );
  return `${lines.join('\n')}\n`;
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `   ${(index === 0 ? title : '').padEnd(7)} ${line}`);
}
