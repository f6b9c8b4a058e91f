import type { ScanReport } from '@sentinel/protocol';
import { paint, type TextStyle } from '../report/terminal-style.ts';
import { inventoryFindings } from './inventory-findings.ts';
import { summarise } from './summary.ts';

const SHOWN = 8;

/** What a scan found, for a terminal. */
export function terminalSummary(report: ScanReport, style: TextStyle): string {
  const { inventory, coverage } = report;
  const summary = summarise(report);
  const rows: [string, string][] = [
    ['scripts', `${summary.scripts} that people wrote, ${summary.notebooks} notebooks`],
    ['where', line(summary.places)],
    ['owners', line(summary.owners)],
    [
      'interpreters',
      `${inventory.interpreters.length}, environments ${inventory.environments.length}, packages ${inventory.packages.length}`,
    ],
    [
      'starts',
      `${inventory.schedules.length} schedules, ${inventory.launchers.length} launchers, ${inventory.processes.length} running now`,
    ],
    [
      'coverage',
      `${coverage.entries.toLocaleString('en-US')} entries in ${coverage.folders.toLocaleString('en-US')} folders in ${(report.durationMs / 1000).toFixed(1)} s${coverage.isComplete ? '' : ', INCOMPLETE'}`,
    ],
  ];
  if (report.analysis.isIncluded)
    rows.push([
      'risk',
      (['critical', 'high', 'elevated', 'guarded', 'low'] as const)
        .map((band) => `${summary.bands[band]} ${band}`)
        .join(', '),
    ]);
  else rows.push(['analysis', `not included: ${report.analysis.note}`]);
  const text = rows.map(([label, value]) => `  ${paint(label.padEnd(13), 'dim', style)}${value}\n`).join('');
  const findings = inventoryFindings(report)
    .slice(0, SHOWN)
    .map(
      ({ title, severity, evidence }) =>
        `  ${paint(severity.padEnd(9), severity === 'critical' || severity === 'high' ? 'red' : 'yellow', style)}${title} (${evidence.length})\n`,
    )
    .join('');
  const worst = report.assessments
    .filter(({ risk }) => risk.score >= 40)
    .slice(0, SHOWN)
    .map(
      ({ path, risk }) =>
        `  ${paint(String(risk.score).padStart(3), risk.score >= 60 ? 'red' : 'yellow', style)}  ${path}\n       ${paint(risk.shares.find(({ dimension }) => dimension !== 'floor')?.reason ?? '', 'dim', style)}\n`,
    )
    .join('');
  return `${text}${findings === '' ? '' : `\n${findings}`}${worst === '' ? '' : `\n${worst}`}`;
}

function line(tallies: readonly { readonly label: string; readonly count: number }[]): string {
  const shown = tallies.slice(0, 5).map(({ label, count }) => `${label} ${count}`);
  return `${shown.join(', ')}${tallies.length > 5 ? `, ${tallies.length - 5} more` : ''}` || 'nothing';
}
