import type { FindingRow } from '@sentinel/protocol';
import { client } from '../../api/client.ts';
import type { FindingSearch } from './finding-search.ts';
import { serverQuery } from './list-findings.ts';

const COLUMNS = [
  'severity',
  'confidence',
  'state',
  'ruleId',
  'title',
  'scriptName',
  'userName',
  'hostName',
  'departmentId',
  'owner',
  'occurrences',
  'firstSeenAt',
  'lastSeenAt',
  'acceptedUntil',
  'techniques',
  'controls',
  'id',
  'lastRunId',
] as const satisfies readonly (keyof FindingRow)[];

/** Saves all findings that match as a file. @returns how many, and the SHA-256 that the server gave over them. */
export async function exportFindings(
  search: FindingSearch,
  format: 'csv' | 'json',
): Promise<{ readonly count: number; readonly sha256: string }> {
  const rows: FindingRow[] = [];
  let end = { count: 0, sha256: '' };
  for await (const event of client.exportFindings({ query: serverQuery(search) })) {
    if (event.kind === 'end') end = event;
    else rows.push(event.finding);
  }
  if (rows.length !== end.count) throw new Error('The export ended half-way; try again.');
  const exportedAt = new Date().toISOString();
  const text =
    format === 'json'
      ? JSON.stringify({ manifest: { filter: serverQuery(search), exportedAt, ...end }, findings: rows }, null, 2)
      : [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))].join('\r\n');
  save(
    new Blob([text], { type: format === 'json' ? 'application/json' : 'text/csv' }),
    `findings-${exportedAt.slice(0, 10)}.${format}`,
  );
  return end;
}

/** A cell that no spreadsheet takes for a formula. Source: OWASP, CSV injection. */
function cell(value: string | number | readonly string[] | undefined): string {
  const text = typeof value === 'object' ? value.join(' ') : String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
