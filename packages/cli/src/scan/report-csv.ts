import type { DataFileFound, ScanReport, ScriptAssessment } from '@sentinel/protocol';
import { scheduledScripts } from './assess.ts';

const HEADER = [
  'path',
  'kind',
  'risk',
  'band',
  'top_reason',
  'owner',
  'place',
  'place_label',
  'modified',
  'created',
  'size_bytes',
  'lines',
  'scheduled',
  'not_read',
  'sha256',
  'data_kinds',
  'suppressed',
]; // prettier-ignore

/** Scripts and notebooks as CSV, one a row. Source: RFC 4180. */
export function csvReport(report: ScanReport): string {
  const assessed = new Map(report.assessments.map((one) => [one.path, one]));
  const scheduled = scheduledScripts(report.inventory);
  const rows = [
    ...report.inventory.scripts.map((one) => ({ ...one, kind: one.role as string })),
    ...report.inventory.notebooks.map((one) => ({ ...one, kind: 'notebook' })),
  ].map((one) => {
    const assessment = assessed.get(one.path);
    return [
      one.path,
      one.kind,
      assessment?.risk.score,
      assessment?.risk.band,
      assessment?.risk.shares[0]?.reason,
      one.owner.name ?? one.owner.uid,
      one.place.class,
      one.place.label,
      one.modifiedAt,
      one.createdAt,
      one.sizeBytes,
      one.lines,
      scheduled.has(one.path) ? 'yes' : 'no',
      one.notRead,
      one.sha256,
      dataKinds(assessment, report.dataSample?.files ?? []).join(' '),
      [...new Set(assessment?.analysis.suppressed?.map(({ ruleId }) => ruleId))].sort().join(' '),
    ];
  });
  return [HEADER, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Kinds of personal data that a source names, and those of the files that it reads. */
function dataKinds(assessment: ScriptAssessment | undefined, files: readonly DataFileFound[]): string[] {
  if (assessment === undefined) return [];
  const { path, analysis } = assessment;
  const inFiles = files.filter(({ namedBy }) => namedBy.includes(path)).flatMap(({ kinds }) => kinds);
  return [...new Set([...(analysis.dataLabels ?? []), ...inFiles].map(({ kind }) => kind))].sort();
}

/** A cell that no spreadsheet takes for a formula. Source: OWASP, CSV injection. */
function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
