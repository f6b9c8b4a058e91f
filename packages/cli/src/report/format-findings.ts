import type { Finding, Severity } from '@sentinel/protocol';
import { countOf } from './quantities.ts';
import { wrap } from './section.ts';
import { type Look, paint, type TextStyle } from './terminal-style.ts';

const LOOKS: Readonly<Record<Severity, Look>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' };
const SEVERITY_WIDTH = 8;
const INDENT = 4 + SEVERITY_WIDTH + 2;

/** What rules found, the worst first: severity, sentence, and where it shows; empty where there is nothing. */
export function formatFindings(findings: readonly Finding[], style: TextStyle): string {
  if (findings.length === 0) return '';
  const lines = [`  ${paint('Findings', 'bold', style)}  ${paint(countOf(findings.length, 'finding'), 'dim', style)}`];
  for (const { severity, title, ruleId, confidence, evidence } of findings) {
    const sentence = wrap(printable(title), style.width - INDENT)
      .split('\n')
      .map((line) => line.trimStart());
    lines.push(
      `    ${paint(severity.padEnd(SEVERITY_WIDTH), LOOKS[severity], style)}  ${sentence.join(`\n${' '.repeat(INDENT)}`)}`,
    );
    const codeLines = [...new Set(evidence.flatMap(({ line }) => line ?? []))].sort((a, b) => a - b);
    const where = codeLines.length === 0 ? '' : `, line ${codeLines.slice(0, 5).join(', ')}`;
    lines.push(paint(`${' '.repeat(INDENT)}${ruleId}, ${confidence} confidence${where}`, 'dim', style));
  }
  return `${lines.join('\n')}\n`;
}

/** A file name may hold anything, also what moves a cursor or rings a bell. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, '?');
}
