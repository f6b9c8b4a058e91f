import { type ScanOptions, type ScanState, scan } from '@sentinel/discovery';
import { SCAN_REPORT_VERSION, type ScanReport } from '@sentinel/protocol';
import { openAnalyser } from './analyser-link.ts';
import { type AssessProgress, assess } from './assess.ts';
import { hostFacts } from './host-facts.ts';

/** What a caller may ask for besides the scan's own options. */
export interface ReportOptions extends ScanOptions {
  readonly product: string;
  readonly wantsAnalysis: boolean;
  readonly onAssess?: (progress: AssessProgress) => void;
}

/** Scans, analyses what people wrote, and puts both into one report. */
export async function makeReport(options: ReportOptions): Promise<{ report: ScanReport; state?: ScanState }> {
  const startedMs = performance.now();
  const outcome = await scan(options);
  const analysed = await assessments(outcome.inventory, options);
  return {
    report: {
      kind: 'sentinel-scan',
      reportVersion: SCAN_REPORT_VERSION,
      product: options.product,
      host: hostFacts(),
      startedAt: outcome.startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      roots: [...outcome.roots],
      coverage: outcome.coverage,
      inventory: outcome.inventory,
      ...analysed,
    },
    ...(outcome.state === undefined ? {} : { state: outcome.state }),
  };
}

async function assessments(
  inventory: ScanReport['inventory'],
  options: ReportOptions,
): Promise<Pick<ScanReport, 'analysis' | 'assessments'>> {
  const none = (note: string) => ({ analysis: { isIncluded: false, note }, assessments: [] });
  if (!options.wantsAnalysis) return none('Analysis was not asked for.');
  if (options.signal?.aborted === true) return none('The scan was interrupted before the analysis.');
  const link = await openAnalyser(options.cpuPercent === undefined ? undefined : 1);
  if ('reason' in link) return none(`Analysis is not included: ${link.reason}.`);
  try {
    const found = await assess(inventory, link, {
      ...(options.cpuPercent === undefined ? {} : { cpuPercent: options.cpuPercent }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onAssess === undefined ? {} : { onProgress: options.onAssess }),
    });
    const dates = found.flatMap(({ analysis }) => analysis.verdicts.flatMap(({ dataDate }) => dataDate ?? []));
    const note =
      dates.length === 0
        ? 'No advisory data was at hand: packages were not checked for known holes.'
        : `Advisory data of ${dates[0]}.`;
    return { analysis: { isIncluded: true, note }, assessments: found };
  } finally {
    await link.close();
  }
}
