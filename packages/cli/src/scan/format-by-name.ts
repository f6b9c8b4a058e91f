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
