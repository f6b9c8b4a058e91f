import type { Run, RunReport } from '@sentinel/protocol';
import { applicationRows } from './application-rows.ts';
import { childRows } from './child-rows.ts';
import { databaseRows } from './database-rows.ts';
import { fileRows } from './file-rows.ts';
import { formatFindings } from './format-findings.ts';
import { libraryRows } from './library-rows.ts';
import { networkRows } from './network-rows.ts';
import { otherRows } from './other-rows.ts';
import { programRows } from './program-rows.ts';
import { countOf, formatBytes, formatDuration } from './quantities.ts';
import { formatSection, shorten, wrap } from './section.ts';
import { shortPath } from './short-path.ts';
import { paint, type TextStyle } from './terminal-style.ts';

/** How the started program ended. */
export interface ProgramOutcome {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/** The report for people: one title, what rules found, then a section for each kind of thing that the run touched. */
export function formatReport(report: RunReport, outcome: ProgramOutcome, style: TextStyle): string {
  if (report.run === null) {
    const title = `${mark(outcome.exitCode === 0, style)} ${paint('not observed', 'bold', style)}  ${outcomeText(outcome, style)}`;
    return `${title}\n${wrap(report.notObserved ?? '', style.width - 2)}\n`;
  }
  const { run, activities, children } = report;
  const sections = [libraryRows, fileRows, networkRows, databaseRows, programRows, applicationRows, otherRows].map(
    (rows) => rows(activities),
  );
  const blocks = [...sections, childRows(children)].filter((section) => section !== undefined);
  const findings = formatFindings(report.findings, style);
  const body = `${findings === '' ? '' : `\n${findings}`}${blocks.map((section) => `\n${formatSection(section, style)}`).join('')}`;
  const quiet =
    blocks.length === 0 ? `\n  ${paint('Nothing was touched that Sentinel observes.', 'dim', style)}\n` : '';
  return `${titleOf(run, outcome, style)}\n${subtitleOf(run, style)}\n${body}${quiet}${faultsOf(report)}`;
}

function titleOf(run: Run, outcome: ProgramOutcome, style: TextStyle): string {
  const dot = style.isUnicode ? ' · ' : ' - ';
  const isFine = outcome.signal === undefined && outcome.exitCode === 0 && run.exitRoute !== 'exception';
  const cpuMs = (run.cpuUserMs ?? 0) + (run.cpuSystemMs ?? 0);
  const facts = [
    run.exitRoute === 'exception' ? paint('exception', 'red', style) : undefined,
    outcomeText(outcome, style),
    run.durationMs === undefined ? undefined : formatDuration(run.durationMs),
    run.cpuUserMs === undefined ? undefined : `CPU ${formatDuration(cpuMs)}`,
    run.peakMemoryBytes === undefined ? undefined : `memory ${formatBytes(run.peakMemoryBytes)}`,
  ].filter((fact) => fact !== undefined);
  return `${mark(isFine, style)} ${paint(run.script.name, 'bold', style)}  ${facts.join(dot)}`;
}

function subtitleOf(run: Run, style: TextStyle): string {
  const dot = style.isUnicode ? ' · ' : ' - ';
  const name = run.interpreter.implementation === 'cpython' ? 'Python' : run.interpreter.implementation;
  const start = `${name} ${run.interpreter.version}${dot}${run.environment.kind === 'virtual' ? 'venv ' : ''}`;
  const end = `${dot}run ${run.id}`;
  const place = shortPath(run.environment.kind === 'virtual' ? run.environment.prefix : run.interpreter.path);
  const room = Math.max(12, style.width - 2 - start.length - end.length);
  return paint(`  ${start}${shorten(place, room, style)}${end}`, 'dim', style);
}

function outcomeText(outcome: ProgramOutcome, style: TextStyle): string {
  if (outcome.signal !== undefined) return paint(`ended by ${outcome.signal}`, 'red', style);
  if (outcome.exitCode === 0) return paint('exit code 0', 'green', style);
  return paint(`exit code ${outcome.exitCode ?? 'unknown'}`, 'red', style);
}

function mark(isFine: boolean, style: TextStyle): string {
  if (isFine) return paint(style.isUnicode ? '✔' : '+', 'green', style);
  return paint(style.isUnicode ? '✘' : 'x', 'red', style);
}

/** What the probe could not see or keep: a report that hides it would claim too much. */
function faultsOf(report: RunReport): string {
  const runs = [...(report.run === null ? [] : [report.run]), ...report.children.map(({ run }) => run)];
  const dropped = runs.reduce((sum, run) => sum + run.probe.dropped, 0);
  const errors = runs.reduce((sum, run) => sum + run.probe.errors, 0);
  const notes = [
    dropped === 0 ? undefined : `${countOf(dropped, 'activity', 'activities')} could not be kept`,
    errors === 0 ? undefined : `the probe survived ${countOf(errors, 'fault')} of its own`,
  ].filter((note) => note !== undefined);
  return notes.length === 0 ? '' : `\n  Incomplete: ${notes.join('; ')}.\n`;
}
