import type { ScanComparison } from '@sentinel/discovery';
import type { ScanReport } from '@sentinel/protocol';

/** Report as one line of JSON, which `--compare` and `--upload-report` read again. */
export function jsonReport(report: ScanReport, comparison?: ScanComparison): string {
  return `${JSON.stringify(comparison === undefined ? report : { ...report, comparison })}\n`;
}
