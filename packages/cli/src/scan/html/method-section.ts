import { basePack } from '@sentinel/analyser';
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
    `Nothing was executed: no script, no interpreter, no other program. ${connections(report)} ${written(report)}`,
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
${report.analysis.isIncluded ? scoreMarkup() : ''}
${left.length === 0 ? '' : `<h3>Left out</h3><ul class="evidence">${left.join('')}</ul>${coverage.leftOutCount > SHOWN ? `<p class="more">and ${formatCount(coverage.leftOutCount - SHOWN)} more</p>` : ''}`}
</section>`;
}

function connections({ uploadedTo }: ScanReport): string {
  return uploadedTo === undefined
    ? 'No network connection was opened.'
    : `As asked, the inventory is sent to ${escapeHtml(uploadedTo)}; no other network connection was opened.`;
}

function written({ keptFiles = [] }: ScanReport): string {
  const words = { state: 'the state for the next scan', signature: 'its signature' };
  return `Nothing was written but this report${keptFiles.map((kept) => ` and ${words[kept]}`).join('')}.`;
}

/** How points become a score, in the numbers of the pack that ships. */
function scoreMarkup(): string {
  const { caps, further, floors, context, bands } = basePack().risk;
  const most = percent(Math.max(context.most - 1, 1 - context.least));
  const { guarded, elevated, high, critical } = bands;
  return `<h3>How the score comes about</h3><p>Each finding gives points by how bad it is and how sure we are. Within a dimension the worst finding counts in full and each further one with ${percent(further)}, up to the cap: credentials ${caps.secrets}, data that can leave ${caps['data-flow']}, packages ${caps.packages}, code ${caps.weaknesses}, capabilities ${caps.capabilities}. Context (a schedule, an unknown owner) moves the sum by up to ${most}. Some findings have a floor: a malicious package ${floors.malicious}, personal data to an outside place ${floors.personalOutside}, a live key ${floors.liveKey}. The points of the reasons add up to the score. Bands: 0–${guarded - 1} low, ${guarded}–${elevated - 1} guarded, ${elevated}–${high - 1} elevated, ${high}–${critical - 1} high, ${critical}–100 critical.</p>`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
