import type { RiskShare, ScanReport, ScriptAssessment, SourcePlace } from '@sentinel/protocol';
import type { InventoryFinding } from '../inventory-findings.ts';
import { type SourceFinding, sourceFindings } from '../report-sarif.ts';
import { placeWord } from '../summary.ts';
import { countOf, escapeHtml, formatCount, formatHours, pathMarkup } from './markup.ts';
import { suppressedSection } from './suppressed-section.ts';

const SCRIPTS_SHOWN = 25;
/** Cards that a print has; the style sheet hides the others. */
const PRINTED = 10;
const EVIDENCE_SHOWN = 15;
const FINDINGS_PER_SCRIPT = 10;
const REASONS_SHOWN = 6;
const LINES_SHOWN = 6;
/** Scripts below this are in the inventory only. */
const MIN_SCORE = 20;

/** Ranked findings with their evidence: about the computer, then script by script. */
export function findingsSection(report: ScanReport, findings: readonly InventoryFinding[]): string {
  const ranked = withoutCopies(report.assessments.filter(({ risk }) => risk.score >= MIN_SCORE));
  const shown = ranked.slice(0, SCRIPTS_SHOWN);
  const places = new Map([...report.inventory.scripts, ...report.inventory.notebooks].map((one) => [one.path, one]));
  return `<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
<h3>About this computer</h3>
${findings.length === 0 ? '<p>Nothing to report.</p>' : findings.map(machineFinding).join('\n')}
${
  report.analysis.isIncluded
    ? `<h3>Sources with the highest risk</h3>
${shown.length === 0 ? '<p>No source has a score of 20 or more.</p>' : `<ol class="cards">${shown.map(({ first, copies }) => scriptCard(first, copies, places.get(first.path))).join('\n')}</ol>${shown.length > PRINTED ? `<p class="more only-print">On paper: the first ${PRINTED} of ${shown.length}.</p>` : ''}`}
${ranked.length > shown.length ? `<p class="more">${countOf(ranked.length - shown.length, 'further source')} with a score of 20 or more: see the inventory.</p>` : ''}
${suppressedSection(report)}`
    : ''
}
</section>`;
}

interface Copies {
  readonly first: ScriptAssessment;
  /** Paths of the others with the same content. */
  readonly copies: string[];
}

/** The same content is one case, wherever it lies; its highest risk stands for it. */
function withoutCopies(assessments: readonly ScriptAssessment[]): Copies[] {
  const byContent = new Map<string, Copies>();
  for (const one of assessments) {
    const known = byContent.get(one.analysis.sha256);
    if (known === undefined) byContent.set(one.analysis.sha256, { first: one, copies: [] });
    else known.copies.push(one.path);
  }
  return [...byContent.values()];
}

function copiesMarkup(copies: readonly string[]): string {
  if (copies.length === 0) return '';
  const rest = copies.length - EVIDENCE_SHOWN;
  return `<details><summary>The same content in ${countOf(copies.length, 'other place')}</summary><ul class="evidence">${copies
    .slice(0, EVIDENCE_SHOWN)
    .map((path) => `<li><code>${pathMarkup(path)}</code></li>`)
    .join('')}</ul>${rest > 0 ? `<p class="more">and ${formatCount(rest)} more</p>` : ''}</details>`;
}

function machineFinding({ title, severity, why, advice, evidence, hoursEach }: InventoryFinding): string {
  const rows = evidence
    .slice(0, EVIDENCE_SHOWN)
    .map(({ path, note }) => `<li><code>${pathMarkup(path)}</code> <span class="note">${escapeHtml(note)}</span></li>`)
    .join('');
  const rest = evidence.length - EVIDENCE_SHOWN;
  return `<details class="finding">
<summary><span class="badge badge-${severity}">${severity}</span><span class="finding-title">${escapeHtml(title)}</span><span class="finding-count">${countOf(evidence.length, 'place')}</span></summary>
<div class="finding-body"><p>${escapeHtml(why)}</p><p><b>Do:</b> ${escapeHtml(advice)} <span class="cost">(${formatHours(Math.max(0.5, Math.round(evidence.length * hoursEach * 2) / 2))} in all)</span></p>
<ul class="evidence">${rows}</ul>${rest > 0 ? `<p class="more">and ${formatCount(rest)} more</p>` : ''}</div>
</details>`;
}

function scriptCard(
  { path, risk, analysis }: ScriptAssessment,
  copies: readonly string[],
  source: ScanReport['inventory']['notebooks'][number] | undefined,
): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const facts = [
    source?.owner.name === undefined ? 'owner not known' : `owner ${escapeHtml(source.owner.name)}`,
    source === undefined ? '' : escapeHtml(source.place.label ?? placeWord(source.place.class)),
    source === undefined ? '' : `changed ${source.modifiedAt.slice(0, 10)}`,
    source?.lines === undefined ? '' : countOf(source.lines, 'line'),
  ].filter((fact) => fact !== '');
  const reasons = groupedShares(risk.shares);
  const lifts = reasons.filter(({ isFloor }) => isFloor);
  const grounds = reasons.filter(({ isFloor }) => !isFloor);
  const listed = (some: readonly Share[]) =>
    some
      .map(
        ({ points, reason, lines }) =>
          `<li><span class="points">${signed(points)}</span><span>${escapeHtml(reason)} ${linesText(lines)}</span></li>`,
      )
      .join('');
  const rested = grounds.slice(REASONS_SHOWN);
  const hidden = rested.reduce((sum, { points }) => sum + points, 0);
  const findings = sourceFindings(analysis);
  const groups = groupedFindings(findings);
  const evidence = groups
    .slice(0, FINDINGS_PER_SCRIPT)
    .map(
      ({ severity, message, advice, lines }) =>
        `<li><span class="badge badge-${severity}">${severity}</span> ${escapeHtml(message)} ${linesText(lines)}${advice === undefined ? '' : `<span class="advice">${escapeHtml(advice)}</span>`}</li>`,
    )
    .join('');
  const rest = groups.length - FINDINGS_PER_SCRIPT;
  const unresolved =
    analysis.unresolved.calls > 0
      ? `<p class="note">${countOf(analysis.unresolved.calls, 'call')} could not be resolved.</p>`
      : '';
  return `<li class="card">
<div class="card-head"><div class="score score-${risk.band}"><b>${risk.score}</b><span>${risk.band}</span></div>
<div class="card-title"><h4>${escapeHtml(name)}</h4><p class="path"><code>${pathMarkup(path)}</code></p><p class="facts">${facts.join(' · ')}</p></div></div>
<ul class="shares">${listed(grounds.slice(0, REASONS_SHOWN))}${hidden === 0 ? '' : `<li><span class="points">${signed(hidden)}</span><span>${countOf(rested.length, 'smaller reason')}</span></li>`}${listed(lifts)}</ul>
${copiesMarkup(copies)}
${findings.length === 0 ? '' : `<details><summary>Evidence: ${countOf(findings.length, 'finding')}</summary><ul class="evidence">${evidence}</ul>${rest > 0 ? `<p class="more">and ${formatCount(rest)} more kinds</p>` : ''}${unresolved}</details>`}
</li>`;
}

interface Share {
  points: number;
  reason: string;
  lines: string[];
  /** Whether it lifts the sum to a floor: it comes last, and explains what the others do not add up to. */
  isFloor: boolean;
}

/** Reasons with the same words as one; their points still add up to the score. */
function groupedShares(shares: readonly RiskShare[]): Share[] {
  const groups = new Map<string, Share>();
  for (const { dimension, reason, points, place } of shares) {
    const group = groups.get(`${dimension} ${reason}`) ?? {
      points: 0,
      reason: plainReason(reason),
      lines: [],
      isFloor: dimension === 'floor',
    };
    group.points += points;
    if (place !== undefined) group.lines.push(placeText(place));
    groups.set(`${dimension} ${reason}`, group);
  }
  return [...groups.values()].sort((a, b) => b.points - a.points);
}

/** Reason without saying the same thing twice. */
function plainReason(reason: string): string {
  return reason
    .replace(/credential in the source: Credential/, 'credential')
    .replace(/^never below (\d+): /, 'lifted to $1, the least for ');
}

/** Findings with the same words as one, in the order of the first. */
function groupedFindings(findings: readonly SourceFinding[]): (SourceFinding & { lines: string[] })[] {
  const groups = new Map<string, SourceFinding & { lines: string[] }>();
  for (const finding of findings) {
    // The line of the source of a flow stands in the words; the rest is the same for each.
    const key = `${finding.severity} ${finding.message.replace(/ \(line \d+\)/, '')}`;
    const group = groups.get(key) ?? { ...finding, lines: [] };
    if (finding.place !== undefined) group.lines.push(placeText(finding.place));
    groups.set(key, group);
  }
  return [...groups.values()];
}

function linesText(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = [...new Set(lines)];
  const rest = shown.length - LINES_SHOWN;
  const words =
    shown.length > 1 && shown.every((line) => line.startsWith('line '))
      ? `lines ${shown
          .slice(0, LINES_SHOWN)
          .map((line) => line.slice(5))
          .join(', ')}`
      : shown.slice(0, LINES_SHOWN).join('; ');
  return `<span class="note">${escapeHtml(words)}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}</span>`;
}

function signed(points: number): string {
  return `${points < 0 ? '−' : '+'}${Math.abs(points)}`;
}

function placeText({ line, cell, member }: SourcePlace): string {
  if (member !== undefined) return `${member}, line ${line}`;
  return cell === undefined ? `line ${line}` : `cell ${cell}, line ${line}`;
}
