import type { ScanReport, SuppressedFinding } from '@sentinel/protocol';
import { countOf, escapeHtml, formatCount, pathMarkup } from './markup.ts';

const SHOWN = 15;

interface Entry {
  readonly by: SuppressedFinding['suppressedBy'];
  readonly places: { readonly path: string; readonly note: string }[];
}

/** What packs of the company took out, entry by entry with who answers for it; empty without any. */
export function suppressedSection({ assessments }: ScanReport): string {
  const entries = entriesOf(assessments);
  if (entries.length === 0) return '';
  const count = entries.reduce((sum, { places }) => sum + places.length, 0);
  return `<h3 id="accepted">Accepted by your company</h3>
<p>${countOf(count, 'finding')} that ${count === 1 ? 'gives' : 'give'} no points, because rule packs of your company take ${count === 1 ? 'it' : 'them'} out. Each entry counts until its last day.</p>
${entries.map(entryMarkup).join('\n')}`;
}

function entryMarkup({ by, places }: Entry): string {
  const rows = places
    .slice(0, SHOWN)
    .map(({ path, note }) => `<li><code>${pathMarkup(path)}</code> <span class="note">${escapeHtml(note)}</span></li>`)
    .join('');
  const rest = places.length - SHOWN;
  return `<details class="finding">
<summary><span class="badge badge-low">accepted</span><span class="finding-title">${escapeHtml(by.reason)}</span><span class="finding-count">${countOf(places.length, 'place')}</span></summary>
<div class="finding-body"><p>${by.change === 'off' ? 'Rule switched off' : 'Allowed here'} by ${escapeHtml(by.author)} in ${escapeHtml(by.pack)}, until ${escapeHtml(by.until)}.</p>
<ul class="evidence">${rows}</ul>${rest > 0 ? `<p class="more">and ${formatCount(rest)} more</p>` : ''}</div>
</details>`;
}

/** Entries with the most findings first. */
function entriesOf(assessments: ScanReport['assessments']): Entry[] {
  const entries = new Map<string, Entry>();
  for (const { path, analysis } of assessments) {
    for (const { ruleId, title, place, suppressedBy } of analysis.suppressed ?? []) {
      const key = JSON.stringify(suppressedBy);
      const entry = entries.get(key) ?? { by: suppressedBy, places: [] };
      const line =
        place === undefined ? '' : place.cell === undefined ? `, line ${place.line}` : `, cell ${place.cell}`;
      entry.places.push({ path, note: `${title} (${ruleId})${line}` });
      entries.set(key, entry);
    }
  }
  return [...entries.values()].sort(
    (a, b) => b.places.length - a.places.length || (a.by.reason < b.by.reason ? -1 : 1),
  );
}
