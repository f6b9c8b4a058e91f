import type { ChangeOf, ScanComparison } from '@sentinel/discovery';
import { escapeHtml, formatCount, pathMarkup } from './markup.ts';

const SHOWN = 20;

/** What is new, gone and changed since an older scan. */
export function changesSection(comparison: ScanComparison): string {
  const kinds: [string, ChangeOf][] = [
    ['Scripts and notebooks', comparison.scripts],
    ['Schedules', comparison.schedules],
    ['Launchers', comparison.launchers],
    ['Interpreters', comparison.interpreters],
    ['Environments', comparison.environments],
    ['Packages', comparison.packages],
  ];
  const rows = kinds
    .map(
      ([title, { added, removed, changed }]) =>
        `<tr><th scope="row">${title}</th><td class="number">${formatCount(added.length)}</td><td class="number">${formatCount(changed.length)}</td><td class="number">${formatCount(removed.length)}</td></tr>`,
    )
    .join('');
  const lists = kinds
    .flatMap(([title, change]) =>
      (['added', 'changed', 'removed'] as const).map((how) => {
        const paths = change[how];
        if (paths.length === 0) return '';
        const rest = paths.length - SHOWN;
        const word = { added: 'new', changed: 'changed', removed: 'gone' }[how];
        return `<details class="finding"><summary><span class="finding-title">${title}: ${word}</span><span class="finding-count">${formatCount(paths.length)}</span></summary><div class="finding-body"><ul class="evidence">${paths
          .slice(0, SHOWN)
          .map((path) => `<li><code>${pathMarkup(path)}</code></li>`)
          .join('')}</ul>${rest > 0 ? `<p class="more">and ${formatCount(rest)} more</p>` : ''}</div></details>`;
      }),
    )
    .join('');
  const risen = comparison.risks.filter(({ before, after }) => after > before);
  const risks =
    risen.length === 0
      ? ''
      : `<h3>Risk that rose</h3><ul class="evidence">${risen
          .slice(0, SHOWN)
          .map(
            ({ path, before, after }) =>
              `<li><code>${pathMarkup(path)}</code> <span class="note">${before} → ${after}</span></li>`,
          )
          .join('')}</ul>`;
  return `<section id="changes" aria-labelledby="changes-title">
<h2 id="changes-title">Changes since ${escapeHtml(comparison.since.slice(0, 10))}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Changes in numbers"><table class="steps"><thead><tr><th scope="col">Kind</th><th scope="col" class="number">New</th><th scope="col" class="number">Changed</th><th scope="col" class="number">Gone</th></tr></thead><tbody>${rows}</tbody></table></div>
${lists}
${risks}
</section>`;
}
