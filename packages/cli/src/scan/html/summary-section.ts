import type { ScanReport } from '@sentinel/protocol';
import type { ScanSummary, Tally } from '../summary.ts';
import { countOf, escapeHtml, formatCount, formatHours } from './markup.ts';

const STEPS_SHOWN = 7;
const BAND_WORDS = [
  ['critical', 'Critical'],
  ['high', 'High'],
  ['elevated', 'Elevated'],
  ['guarded', 'Guarded'],
  ['low', 'Low'],
] as const;

/** First page: what is there, where, whose, what it touches, what to do and what that costs. */
export function summarySection(report: ScanReport, summary: ScanSummary): string {
  return `<section id="summary" aria-labelledby="summary-title">
<h2 id="summary-title">Summary</h2>
<p class="verdict">${verdict(report, summary)}</p>
<dl class="tiles">
${tile(summary.scripts, summary.scripts === 1 ? 'script that people wrote' : 'scripts that people wrote')}
${tile(summary.notebooks, summary.notebooks === 1 ? 'notebook' : 'notebooks')}
${tile(report.inventory.interpreters.length, 'Python interpreters')}
${tile(report.inventory.environments.length, 'environments')}
${tile(new Set(report.inventory.packages.map(({ distribution }) => distribution)).size, 'different packages')}
${tile(summary.scheduled, summary.scheduled === 1 ? 'schedule' : 'schedules')}
${tile(summary.running, 'running at scan time')}
</dl>
${report.analysis.isIncluded ? riskBar(summary) : `<p class="notice"><strong>Sources were not analysed.</strong> ${escapeHtml(report.analysis.note)} The numbers below come from the inventory alone; there are no risk scores.</p>`}
<div class="columns">
${bars('Where they lie', summary.places)}
${bars('Who owns them', summary.owners)}
${report.analysis.isIncluded ? bars('What they touch', summary.touches, 'No capability was recognised.') : ''}
</div>
<h3>What to do next</h3>
${nextSteps(summary)}
</section>`;
}

function verdict(report: ScanReport, summary: ScanSummary): string {
  const people = summary.owners.length;
  const sources = summary.scripts + summary.notebooks;
  if (sources === 0) return 'No Python source that people wrote was found in the folders that were looked at.';
  const base = `<strong>${countOf(sources, 'Python source')}</strong> of ${countOf(people, 'account')} ${sources === 1 ? 'lies' : 'lie'} on this computer`;
  const { critical, high } = summary.bands;
  const urgent = critical + high;
  const risk = report.analysis.isIncluded
    ? urgent === 0
      ? '; none of them carries a high or critical risk.'
      : `; <strong class="bad">${countOf(urgent, 'carries', 'carry')}</strong> a high or critical risk.`
    : '.';
  const by =
    summary.scheduled === 0
      ? ''
      : ` ${countOf(summary.scheduled, 'schedule starts', 'schedules start')} Python without anybody present.`;
  const passing =
    summary.temporary * 4 < sources
      ? ''
      : ` ${summary.temporary === sources ? 'All sources lie' : countOf(summary.temporary, 'source lies', 'sources lie')} in temporary folders, where programs put and remove files by themselves.`;
  const copies = sources - summary.distinct;
  const same =
    copies * 10 < sources
      ? ''
      : ` ${countOf(copies, 'source is a copy', 'sources are copies')} of another with the same content.`;
  return `${base}${risk}${by}${passing}${same}`;
}

function tile(count: number, label: string): string {
  return `<div class="tile"><dt>${label}</dt><dd>${formatCount(count)}</dd></div>`;
}

function riskBar({ bands, scripts, notebooks, notRead }: ScanSummary): string {
  const total = Object.values(bands).reduce((sum, count) => sum + count, 0);
  if (total === 0) return '';
  const shown = BAND_WORDS.filter(([band]) => bands[band] > 0);
  const parts = shown
    .map(([band], index) => {
      const before = shown.slice(0, index).reduce((sum, [other]) => sum + bands[other], 0);
      return `<rect class="fill-${band}" x="${((before / total) * 1000).toFixed(1)}" y="0" width="${Math.max(3, (bands[band] / total) * 1000 - 2).toFixed(1)}" height="14" rx="2"></rect>`;
    })
    .join('');
  return `<div class="risk"><h3>Risk of the sources</h3>
<svg class="risk-bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
<ul class="legend">${BAND_WORDS.map(([band, word]) => `<li><span class="dot dot-${band}"></span>${word} <b>${formatCount(bands[band])}</b></li>`).join('')}</ul>${notAnalysed(scripts + notebooks - total, notRead)}</div>`;
}

/** Why some sources have no score: without it the numbers seem to contradict one another. */
function notAnalysed(count: number, notRead: number): string {
  if (count <= 0) return '';
  const gone = count - notRead;
  const number = (part: number) => (part === count ? '' : `${formatCount(part)} `);
  const parts = [
    notRead > 0 ? `${number(notRead)}could not be read` : '',
    gone > 0 ? `${number(gone)}removed again, or not reached, before the analysis` : '',
  ].filter((part) => part !== '');
  return `<p class="more">${countOf(count, 'source has', 'sources have')} no score: ${parts.join('; ')}.</p>`;
}

function bars(title: string, tallies: readonly Tally[], empty = 'Nothing.'): string {
  const most = tallies[0]?.count ?? 0;
  const shown = tallies.slice(0, 8);
  const rest = tallies.length - shown.length;
  const rows = shown
    .map(
      ({ label, count }) =>
        `<li><span class="bar-label">${escapeHtml(label)}</span><span class="bar-count">${formatCount(count)}</span><svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.max(1, (count / most) * 100).toFixed(1)}" height="4" rx="1"></rect></svg></li>`,
    )
    .join('');
  return `<div class="panel"><h3>${title}</h3>${tallies.length === 0 ? `<p>${empty}</p>` : `<ul class="bars">${rows}</ul>`}${rest > 0 ? `<p class="more">and ${formatCount(rest)} more</p>` : ''}</div>`;
}

function nextSteps({ nextSteps: steps }: ScanSummary): string {
  if (steps.length === 0)
    return '<p>Nothing that this scan could see. Scan again in three months, or after a change of people.</p>';
  const rows = steps
    .slice(0, STEPS_SHOWN)
    .map(
      ({ title, why, count, unit, hours }) =>
        `<tr><th scope="row">${escapeHtml(title)}<span class="why">${escapeHtml(why)}</span></th><td class="number">${countOf(count, unit)}</td><td class="number">${formatHours(hours)}</td></tr>`,
    )
    .join('');
  const hours = steps.reduce((sum, step) => sum + step.hours, 0);
  const more =
    steps.length > STEPS_SHOWN ? ` ${countOf(steps.length - STEPS_SHOWN, 'smaller step')} not shown here.` : '';
  return `<div class="scroll" tabindex="0" role="region" aria-label="What to do next"><table class="steps"><thead><tr><th scope="col">Step</th><th scope="col" class="number">Extent</th><th scope="col" class="number">Work</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="more">All steps together: ${formatHours(hours)} of work. Estimated from the number of places; what is mended in one copy counts once.${more}</p>`;
}
