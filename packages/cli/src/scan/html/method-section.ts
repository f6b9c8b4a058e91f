import type { ScanReport } from '@sentinel/protocol';
import { countOf, escapeHtml, formatCount, pathMarkup } from './markup.ts';

const SHOWN = 20;
const REASONS: Readonly<Record<string, string>> = {
  network: 'lies on another computer',
  'other-device': 'another device',
  pseudo: 'no real files',
  'same-device': 'the same content mounted a second time',
  container: 'image of a container',
  'no-permission': 'may not be read by this account',
  failed: 'could not be read',
};

/** What the numbers rest on, and what they do not cover. */
export function methodSection(report: ScanReport): string {
  const { coverage } = report;
  const facts = [
    `${countOf(coverage.folders, 'folder')} with ${countOf(coverage.entries, 'entry', 'entries')} were looked at; ${countOf(coverage.prunedFolders, 'folder')} of caches, repository internals and installed libraries were not entered.`,
    coverage.reusedFolders > 0
      ? `${countOf(coverage.reusedFolders, 'folder')} had not changed since the state that was given and were not read again.`
      : '',
    `${countOf(coverage.librarySources, 'Python file')} that belong to interpreters, applications or libraries were counted and not listed.`,
    coverage.placeholders > 0
      ? `${countOf(coverage.placeholders, 'file')} lie in a cloud only; they were not fetched.`
      : 'No file had to be fetched from a cloud.',
    'Nothing was executed: no script, no interpreter, no other program. No network connection was opened. Nothing was written but this report.',
    'Values of credentials, contents of files, arguments of commands and environment variables are not in this report.',
    report.analysis.isIncluded
      ? `${countOf(report.assessments.length, 'source')} were analysed without running them. ${escapeHtml(report.analysis.note)}`
      : escapeHtml(report.analysis.note),
    report.dataSample === undefined
      ? ''
      : `As asked, the beginning of ${countOf(report.dataSample.lookedAt, 'data file')} beside the scripts was looked into for kinds of personal data; neither values nor names of columns were kept.${report.dataSample.leftOut > 0 ? ` ${countOf(report.dataSample.leftOut, 'further data file')} were left out.` : ''}`,
    ...coverage.notes.map(escapeHtml),
  ].filter((fact) => fact !== '');
  const left = coverage.leftOut
    .slice(0, SHOWN)
    .map(
      ({ path, reason }) =>
        `<li><code>${pathMarkup(path)}</code> <span class="note">${REASONS[reason] ?? reason}</span></li>`,
    );
  return `<section id="method" aria-labelledby="method-title">
<h2 id="method-title">Method and limits</h2>
<ul class="facts-list">${facts.map((fact) => `<li>${fact}</li>`).join('')}</ul>
${
  report.analysis.isIncluded
    ? '<h3>How the score comes about</h3><p>Each finding gives points by how bad it is and how sure we are. Within a dimension the worst finding counts in full and each further one with 30 %, up to the cap: credentials 30, data that can leave 30, packages 25, code 20, capabilities 15. Context (a schedule, an unknown owner) moves the sum by up to 30 %. Some findings have a floor: a malicious package 90, personal data to an outside place 70, a live key 60. The points of the reasons add up to the score. Bands: 0–19 low, 20–39 guarded, 40–59 elevated, 60–79 high, 80–100 critical.</p>'
    : ''
}
${left.length === 0 ? '' : `<h3>Left out</h3><ul class="evidence">${left.join('')}</ul>${coverage.leftOutCount > SHOWN ? `<p class="more">and ${formatCount(coverage.leftOutCount - SHOWN)} more</p>` : ''}`}
</section>`;
}
