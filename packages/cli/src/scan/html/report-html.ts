import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ScanComparison } from '@sentinel/discovery';
import type { ScanReport } from '@sentinel/protocol';
import { inventoryFindings } from '../inventory-findings.ts';
import { summarise } from '../summary.ts';
import { changesSection } from './changes-section.ts';
import { findingsSection } from './findings-section.ts';
import { inventoryData, inventorySection } from './inventory-section.ts';
import { countOf, escapeHtml, formatCount } from './markup.ts';
import { methodSection } from './method-section.ts';
import { reportPage } from './report-page.ts';
import { summarySection } from './summary-section.ts';

/** Rooms of the style sheet in their order: later ones win. */
const STYLES = ['base', 'summary', 'findings', 'inventory', 'media', 'print'] as const;

/**
 * The Shadow Python Risk Assessment as one file: no request to anybody, works without scripts except for search,
 * prints, follows the reader's colour scheme.
 */
export function htmlReport(report: ScanReport, comparison?: ScanComparison): string {
  const style = STYLES.map((name) => readFileSync(new URL(`./style/${name}.css`, import.meta.url), 'utf8')).join('');
  const script = `(${reportPage.toString()})();`;
  const summary = summarise(report);
  const findings = inventoryFindings(report);
  const date = report.startedAt.slice(0, 10);
  const title = `Shadow Python Risk Assessment: ${report.host.name}, ${date}`;
  const policy = `default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<header class="masthead">
<div class="masthead-text">
<p class="eyebrow">Sentinel</p>
<h1>Shadow Python Risk Assessment</h1>
<p class="lede">${escapeHtml(report.host.name)} · ${escapeHtml(report.host.os)} · <time datetime="${report.startedAt}">${formatDate(report.startedAt)}</time></p>
<p class="scope">${scopeLine(report)}</p>
</div>
<nav aria-label="Parts of the report">
<a href="#summary">Summary</a>
<a href="#findings">Findings</a>
${comparison === undefined ? '' : '<a href="#changes">Changes</a>'}
<a href="#inventory">Inventory</a>
<a href="#method">Method</a>
<button type="button" id="theme" hidden>Dark</button>
</nav>
</header>
<main>
${summarySection(report, summary)}
${findingsSection(report, findings)}
${comparison === undefined ? '' : changesSection(comparison)}
${inventorySection(report)}
${methodSection(report)}
</main>
<footer>
<p>${escapeHtml(report.product)}. Nothing was installed, started or changed on this computer to make this report. It holds names of files and people: share it as you would share those.</p>
</footer>
<script type="application/json" id="data">${JSON.stringify(inventoryData(report)).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

function scopeLine({ coverage, durationMs, roots, host }: ScanReport): string {
  const where = roots.length === 1 && roots[0] === '/' ? 'the whole computer' : roots.map(escapeHtml).join(', ');
  const state = coverage.isComplete ? '' : ' <strong>The scan was interrupted: numbers are incomplete.</strong>';
  return `${countOf(coverage.entries, 'entry', 'entries')} in ${countOf(coverage.folders, 'folder')} looked at in ${formatSeconds(durationMs)} (${where}, as ${escapeHtml(host.account)}).${state}`;
}

function formatSeconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${formatCount(Math.round(ms / 1000))} s`;
}

function formatDate(iso: string): string {
  return `${new Date(iso).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`;
}

/** Source of the form: Content Security Policy Level 3, hash sources. */
function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
