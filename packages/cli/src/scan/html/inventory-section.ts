import type { PythonCommand, ReferenceFound, ScanReport } from '@sentinel/protocol';
import { scheduledScripts } from '../assess.ts';
import { kindsText } from '../kinds-text.ts';
import { placeWord } from '../summary.ts';
import { escapeHtml, formatCount } from './markup.ts';

/** A table of the inventory as the page's script gets it: columns and rows, compact. */
interface InventoryTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly kind?: 'path' | 'number' | 'score' }[];
  /** Columns that get a filter of their own. */
  readonly filters: readonly number[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const PRINTED_ROWS = 40;

/** Tables of the inventory. */
export function inventoryData(report: ScanReport): InventoryTable[] {
  const { inventory } = report;
  const risks = new Map(report.assessments.map(({ path, risk }) => [path, risk]));
  const scheduled = scheduledScripts(inventory);
  const source = (one: ScanReport['inventory']['notebooks'][number], role: string) => [
    ...(report.analysis.isIncluded ? [risks.get(one.path)?.score ?? ''] : []),
    one.path,
    role,
    one.owner.name ?? (one.owner.uid === undefined ? '' : `user id ${one.owner.uid}`),
    one.place.class === 'sync-folder' ? (one.place.label ?? 'Sync folder') : placeWord(one.place.class),
    one.modifiedAt.slice(0, 10),
    one.notRead ?? one.lines ?? '',
    scheduled.has(one.path) ? 'yes' : '',
  ];
  const sources = [
    ...inventory.scripts.map((one) => source(one, one.role)),
    ...inventory.notebooks.map((one) => source(one, 'notebook')),
  ];
  const shift = report.analysis.isIncluded ? 1 : 0;
  if (shift === 1) sources.sort((a, b) => Number(b[0]) - Number(a[0]));
  const table = (
    id: string,
    title: string,
    columns: string,
    filters: number[],
    rows: (string | number)[][],
  ): InventoryTable => ({
    id,
    title,
    columns: columns.split(' | ').map((column) => {
      const [name = '', kind] = column.split(':');
      return kind === undefined ? { title: name } : { title: name, kind: kind as 'path' };
    }),
    filters,
    rows,
  });
  return [
    table(
      'scripts',
      'Scripts and notebooks',
      `${shift === 1 ? 'Risk:score | ' : ''}Path:path | Role | Owner | Place | Changed | Lines:number | Scheduled`,
      [1, 2, 3].map((index) => index + shift),
      sources,
    ),
    table(
      'interpreters',
      'Interpreters',
      'Version | Path:path | Kind | Other names:path | Problem',
      [2, 0],
      inventory.interpreters.map((one) => [
        one.version ?? '',
        one.path,
        one.kind,
        one.aliases.join(', '),
        one.problem ?? '',
      ]),
    ),
    table(
      'environments',
      'Environments',
      'Folder:path | Made by | Python | Owner | Project:path | Problem',
      [1, 2],
      inventory.environments.map((one) => [
        one.prefix,
        one.kind,
        one.version ?? '',
        one.owner.name ?? '',
        one.project ?? '',
        one.problem ?? '',
      ]),
    ),
    table(
      'packages',
      'Packages',
      'Package | Version | Installed by | Folder:path | Origin:path',
      [2],
      inventory.packages.map((one) => [
        one.distribution,
        one.version ?? '',
        one.installer ?? '',
        one.site,
        one.origin ?? '',
      ]),
    ),
    table(
      'schedules',
      'Schedules',
      'Starts:path | When | Account | Kind | Active | Stands in:path',
      [2, 3],
      inventory.schedules.map((one) => [
        commandText(one.command),
        one.when,
        one.user ?? '',
        one.kind,
        one.isEnabled === undefined ? '' : one.isEnabled ? 'yes' : 'no',
        one.source,
      ]),
    ),
    table(
      'launchers',
      'Launchers',
      'Path:path | Kind | Starts:path | Owner | Place | Changed',
      [1, 4],
      inventory.launchers.map((one) => [
        one.path,
        one.kind,
        one.commands.map(commandText).join(', '),
        one.owner.name ?? '',
        placeWord(one.place.class),
        one.modifiedAt.slice(0, 10),
      ]),
    ),
    table(
      'processes',
      'Running at scan time',
      'Process:number | Program:path | Starts:path | Account | Since | Inside another program',
      [3],
      inventory.processes.map((one) => [
        one.pid,
        one.executable,
        one.command === undefined ? '' : commandText(one.command),
        one.owner.name ?? '',
        one.startedAt?.slice(0, 16).replace('T', ' ') ?? '',
        one.isEmbedded ? 'yes' : '',
      ]),
    ),
    ...(report.dataSample === undefined
      ? []
      : [
          table(
            'data',
            'Data files',
            'Path:path | Kinds of data | Looked at:number | Named by:path',
            [],
            report.dataSample.files.map((one) => [one.path, kindsText(one), one.sampledBytes, one.namedBy.join(', ')]),
          ),
        ]),
    table(
      'others',
      'Packed programs, kernels and settings',
      'Path:path | Kind | Detail:path',
      [1],
      [
        ...inventory.frozen.map((one) => [
          one.path,
          one.kind,
          one.version === undefined ? '' : `Python ${one.version}`,
        ]),
        ...inventory.kernels.map((one) => [one.path, 'Jupyter kernel', `${one.name}: ${one.interpreter}`]),
        ...inventory.references.map((one) => [
          one.path,
          REFERENCE_WORDS[one.kind],
          [one.name, one.interpreter, one.modules?.join(', '), one.problem]
            .filter((part) => part !== undefined)
            .join('; '),
        ]),
      ],
    ),
  ];
}

/** Place of the tables; the first one stands there without any script, for print and for readers without. */
export function inventorySection(report: ScanReport): string {
  const tables = inventoryData(report);
  const first = tables[0];
  const rows = first?.rows.slice(0, PRINTED_ROWS) ?? [];
  return `<section id="inventory" aria-labelledby="inventory-title">
<h2 id="inventory-title">Inventory</h2>
<div class="tabs" role="tablist" aria-label="Tables of the inventory">
${tables.map(({ id, title, rows: all }, index) => `<button type="button" role="tab" id="tab-${id}" data-table="${id}" aria-controls="table" aria-selected="${index === 0}" tabindex="${index === 0 ? 0 : -1}">${title} <span class="tab-count">${formatCount(all.length)}</span></button>`).join('\n')}
</div>
<div id="table" role="tabpanel" aria-labelledby="tab-scripts">
<div class="tools" id="tools"></div>
<div class="scroll" tabindex="0" role="region" aria-label="Table"><table id="rows"><thead><tr>${first?.columns.map(({ title, kind }) => `<th scope="col"${kind === 'number' || kind === 'score' ? ' class="number"' : ''}>${title}</th>`).join('') ?? ''}</tr></thead><tbody>${rows
    .map(
      (row) =>
        `<tr>${row.map((value, index) => `<td${first?.columns[index]?.kind === 'path' ? ' class="path"' : first?.columns[index]?.kind === undefined ? '' : ' class="number"'}>${escapeHtml(String(value))}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>
<p class="more" id="foot">${rows.length < (first?.rows.length ?? 0) ? `The first ${rows.length} of ${formatCount(first?.rows.length ?? 0)}; the file itself holds all of them.` : ''}</p>
</div>
</section>`;
}

const REFERENCE_WORDS: Readonly<Record<ReferenceFound['kind'], string>> = {
  vscode: 'VS Code setting',
  idea: 'PyCharm setting',
  xlwings: 'xlwings setting',
  pyxll: 'PyXLL setting',
  'excel-startup': 'Excel add-in, loaded at start',
  wsl: 'Linux inside Windows, not entered',
};

function commandText({ program, script, module, isInline }: PythonCommand): string {
  return script ?? (module === undefined ? (isInline ? `${program} -c …` : program) : `${program} -m ${module}`);
}
