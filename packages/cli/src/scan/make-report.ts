import { randomUUID } from 'node:crypto';
import type { PackSetup } from '@sentinel/analyser';
import { type ScanOptions, type ScanState, scan } from '@sentinel/discovery';
import type { ScanReport } from '@sentinel/protocol';
import { SCAN_REPORT_VERSION } from '@sentinel/protocol/scan-report-version';
import { openAnalyser } from './analyser-link.ts';
import { type AssessProgress, assess } from './assess.ts';
import { withFamilyHashes } from './family-hashes.ts';
import { hostFacts } from './host-facts.ts';
import { labelAssessments } from './label-assessments.ts';
import { sampleData } from './sample-data.ts';

/** What a caller may ask for besides the scan's own options. */
export interface ReportOptions extends ScanOptions {
  readonly product: string;
  /** Where imported advisories lie. */
  readonly dataFolder: () => Promise<string>;
  /** Company packs to use. */
  readonly packs?: PackSetup;
  readonly wantsAnalysis: boolean;
  /** Whether data files beside the scripts may be looked into. */
  readonly samplesData?: boolean;
  /** Server that the inventory will be sent to. */
  readonly uploadsTo?: string;
  /** What will be written besides the report. */
  readonly keepsFiles?: NonNullable<ScanReport['keptFiles']>;
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
      id: randomUUID(),
      reportVersion: SCAN_REPORT_VERSION,
      product: options.product,
      host: hostFacts(),
      startedAt: outcome.startedAt,
      durationMs: Math.round(performance.now() - startedMs),
      roots: [...outcome.roots],
      coverage: outcome.coverage,
      inventory: outcome.inventory,
      ...(options.uploadsTo === undefined ? {} : { uploadedTo: originOf(options.uploadsTo) }),
      ...(options.keepsFiles === undefined || options.keepsFiles.length === 0 ? {} : { keptFiles: options.keepsFiles }),
      ...analysed,
    },
    ...(outcome.state === undefined ? {} : { state: outcome.state }),
  };
}

async function assessments(
  inventory: ScanReport['inventory'],
  options: ReportOptions,
): Promise<Pick<ScanReport, 'analysis' | 'advisories' | 'packageVerdicts' | 'dataSample' | 'assessments'>> {
  const none = (note: string) => ({ analysis: { isIncluded: false, note }, assessments: [] });
  if (!options.wantsAnalysis) return none('Analysis was not asked for.');
  if (isStopped(options)) return none('The scan was interrupted before the analysis.');
  const link = await openAnalyser(
    inventory,
    await options.dataFolder(),
    options.cpuPercent === undefined ? undefined : 1,
    options.packs,
  );
  if ('reason' in link) return none(`Analysis is not included: ${link.reason}.`);
  try {
    const assessed = await assess(inventory, link, {
      ...(options.cpuPercent === undefined ? {} : { cpuPercent: options.cpuPercent }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onAssess === undefined ? {} : { onProgress: options.onAssess }),
    });
    const found = options.uploadsTo === undefined ? assessed : await withFamilyHashes(assessed, options.signal);
    const dataSample = options.samplesData === true ? await sampleData(found, options.signal) : undefined;
    const { advisories, packageVerdicts } = link;
    const isCut = isStopped(options);
    const note = isCut ? `The analysis was interrupted after ${found.length} sources. ` : '';
    return {
      analysis: { isIncluded: true, note: `${note}${advisories.note}` },
      advisories,
      packageVerdicts,
      ...(dataSample === undefined ? {} : { dataSample }),
      assessments: dataSample === undefined ? found : await labelAssessments(found, dataSample.files, inventory, link),
    };
  } finally {
    await link.close();
  }
}

/** Address without what may be secret in it: account, path, query. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'a server';
}

function isStopped({ signal }: ReportOptions): boolean {
  return signal?.aborted === true;
}
