import type { Analysis, DataSample, Risk } from '@sentinel/protocol';
import { paint, type TextStyle } from '../report/terminal-style.ts';
import { kindsText } from './kinds-text.ts';
import { sourceFindings } from './report-sarif.ts';

/** Analysis of one source for a terminal. */
export function analysisText(
  { path, analysis, risk, dataSample }: { path: string; analysis: Analysis; risk: Risk; dataSample?: DataSample },
  style: TextStyle,
): string {
  const findings = sourceFindings(analysis);
  const lines = [
    `${paint(path, 'bold', style)}  ${paint(`risk ${risk.score}, ${risk.band}`, risk.score >= 60 ? 'red' : risk.score >= 20 ? 'yellow' : 'green', style)}`,
  ];
  const facts: [string, string][] = [
    ['can', analysis.capabilities.map(({ id }) => id).join(', ')],
    ['hosts', analysis.hosts.join(', ')],
    ['data', (analysis.dataLabels ?? []).map(({ kind, names }) => `${kind} (${names.join(', ')})`).join(', ')],
    ['imports', analysis.imports.join(', ')],
    [
      'unresolved',
      analysis.unresolved.calls === 0
        ? ''
        : `${analysis.unresolved.calls} calls: ${analysis.unresolved.reasons.slice(0, 3).join('; ')}`,
    ],
    ['failures', analysis.failures.join('; ')],
    [
      'packs',
      (analysis.packs ?? []).length < 2
        ? ''
        : (analysis.packs ?? []).map(({ name, version }) => `${name} ${version}`).join(', '),
    ],
    ['expired', (analysis.packs ?? []).flatMap(({ expired = [] }) => expired).join('; ')],
    ['parse', analysis.parse === 'clean' ? '' : analysis.parse],
  ];
  for (const [label, value] of facts)
    if (value !== '') lines.push(`  ${paint(label.padEnd(11), 'dim', style)}${value}`);
  for (const { severity, message, place, advice } of findings) {
    const where =
      place === undefined ? '' : place.cell === undefined ? `:${place.line}` : `, cell ${place.cell}:${place.line}`;
    lines.push(
      `  ${paint(severity.padEnd(9), severity === 'critical' || severity === 'high' ? 'red' : 'yellow', style)}${message}${paint(where === '' ? '' : `  ${where}`, 'dim', style)}`,
    );
    if (advice !== undefined) lines.push(`           ${paint(advice, 'dim', style)}`);
  }
  for (const file of dataSample?.files ?? [])
    lines.push(`  ${paint('data file'.padEnd(11), 'dim', style)}${file.path}  ${kindsText(file)}`);
  for (const { title, ruleId, place, suppressedBy } of analysis.suppressed ?? []) {
    const where = place === undefined ? '' : `  :${place.line}`;
    const { pack, change, reason, author, until } = suppressedBy;
    lines.push(
      `  ${paint('suppressed', 'dim', style)} ${title} (${ruleId})${where}`,
      `           ${paint(`${change} by ${pack}: ${reason} (${author}, until ${until})`, 'dim', style)}`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}
