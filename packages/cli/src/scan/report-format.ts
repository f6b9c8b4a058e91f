import type { ScanComparison } from '@sentinel/discovery';
import type { ScanReport } from '@sentinel/protocol';
import type { ReportFormat } from './format-by-name.ts';
import { htmlReport } from './html/report-html.ts';
import { csvReport } from './report-csv.ts';
import { cyclonedxReport } from './report-cyclonedx.ts';
import { jsonReport } from './report-json.ts';
import { sarifReport } from './report-sarif.ts';

/** A report in one form. */
export function formatScan(report: ScanReport, format: ReportFormat, comparison?: ScanComparison): string {
  switch (format) {
    case 'html':
      return htmlReport(report, comparison);
    case 'json':
      return jsonReport(report, comparison);
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
