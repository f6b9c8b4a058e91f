import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { agentFolders, dataFolder, runningAgent } from '@sentinel/capture';
import { AgentStatus } from '@sentinel/protocol';
import { Command } from 'commander';
import type { Diagnosis, Patient } from './check.ts';
import { placeChecks } from './place-checks.ts';
import { serviceChecks } from './service-checks.ts';

const MARKS = { well: '✔', warning: '!', problem: '✖' } as const;
const COLOURS = { well: 'green', warning: 'yellow', problem: 'red' } as const;

const options = new Command('sentinel agent doctor')
  .option('--json')
  .option('--data <dir>')
  .parse()
  .opts<{ json?: true; data?: string }>();
const data = dataFolder(options.data);
const folders = agentFolders(data);
const patient: Patient = {
  folders,
  pid: runningAgent(data),
  status: readStatus(folders.status),
  nowMs: Date.now(),
};
const diagnoses = [...serviceChecks, ...placeChecks].flatMap((check) => {
  const diagnosis = lookSafely(check.id, () => check.look(patient));
  return diagnosis === undefined ? [] : [{ id: check.id, title: check.title, ...diagnosis }];
});
process.stdout.write(
  options.json === true
    ? `${JSON.stringify({ data, diagnoses })}\n`
    : `${diagnoses.map((one) => `${mark(one)} ${one.title}: ${one.says}${one.remedy === undefined ? '' : `\n    ${one.remedy}`}`).join('\n')}\n`,
);
const levels = new Set(diagnoses.map(({ level }) => level));
process.exitCode = levels.has('problem') ? 1 : levels.has('warning') ? 2 : 0;

/** A check that fails is a finding itself. */
function lookSafely(id: string, look: () => Diagnosis | undefined): Diagnosis | undefined {
  try {
    return look();
  } catch (error) {
    return { level: 'warning', says: `The check "${id}" could not be made: ${(error as Error).message}.` };
  }
}

function mark({ level }: Diagnosis): string {
  return styleText(COLOURS[level], MARKS[level], { stream: process.stdout });
}

function readStatus(path: string): AgentStatus | undefined {
  try {
    return AgentStatus.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
