import type { ScanComparison } from '@sentinel/discovery';
import type { ScanReport } from '@sentinel/protocol';
import { htmlReport } from './html/report-html.ts';
import { csvReport } from './report-csv.ts';
import { cyclonedxReport } from './report-cyclonedx.ts';
import { sarifReport } from './report-sarif.ts';

/** Forms that a scan can be reported in. */
export const REPORT_FORMATS = ['html', 'json', 'csv', 'sarif', 'cyclonedx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Form that a file name asks for, or undefined. */
export function formatByName(name: string): ReportFormat | undefined {
  if (/\.html?$/i.test(name)) return 'html';
  if (/\.(?:cdx|cyclonedx|bom)\.json$/i.test(name)) return 'cyclonedx';
  if (/\.sarif(?:\.json)?$/i.test(name)) return 'sarif';
  if (/\.json$/i.test(name)) return 'json';
  return /\.csv$/i.test(name) ? 'csv' : undefined;
}

/** A report in one form. */
export function formatScan(report: ScanReport, format: ReportFormat, comparison?: ScanComparison): string {
  switch (format) {
    case 'html':
      return htmlReport(report, comparison);
    case 'json':
      return `${JSON.stringify(comparison === undefined ? report : { ...report, comparison })}\n`;
    case 'csv':
      return csvReport(report);
    case 'sarif':
      return sarifReport(report);
    case 'cyclonedx':
      return cyclonedxReport(report);
    default:
      return format satisfies never;
  }
}
