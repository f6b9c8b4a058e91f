import { type AuditAnswer, MAX_ANSWERS } from '@sentinel/protocol';
import { client } from '../../api/client.ts';
import { questionOf } from './answer-audit.ts';
import type { AuditSearch } from './audit-search.ts';

const COLUMNS: readonly (readonly [title: string, value: (row: AuditAnswer) => string | number | undefined])[] = [
  ['first', (row) => row.at],
  ['last', (row) => row.until],
  ['source', (row) => row.source],
  ['who', (row) => row.who],
  ['how', (row) => row.how],
  ['detail', (row) => row.detail],
  ['what', (row) => row.what],
  ['script', (row) => row.script?.name],
  ['script id', (row) => row.script?.id],
  ['machine', (row) => row.hostName],
  ['machine id', (row) => row.endpointId],
  ['run id', (row) => row.runId],
  ['audit record', (row) => row.recordNumber],
  ['times', (row) => row.count],
  ['bytes in', (row) => row.bytesIn],
  ['bytes out', (row) => row.bytesOut],
  ['rows', (row) => row.rows],
];

/** Saves an answer, as many rows as the server gives at once, as a file. */
export async function exportAnswer(search: AuditSearch, format: 'csv' | 'json'): Promise<void> {
  const answer = await client.answerAudit({ query: { ...questionOf(search), limit: MAX_ANSWERS } });
  const text =
    format === 'json'
      ? `${JSON.stringify(answer, undefined, 2)}\n`
      : [COLUMNS.map(([title]) => title), ...answer.items.map((row) => COLUMNS.map(([, value]) => value(row) ?? ''))]
          .map((cells) => cells.map(toCell).join(','))
          .join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: format === 'json' ? 'application/json' : 'text/csv' }));
  link.download = `sentinel-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A cell that no spreadsheet takes for a formula. Source: OWASP, CSV Injection; RFC 4180. */
function toCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
