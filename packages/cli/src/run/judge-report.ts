import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { findSecretUses, type JudgeContext, judgeRun } from '@sentinel/detector';
import type { Analysis, Finding, ObservedActivity, PackageVerdict, Run, RunReport } from '@sentinel/protocol';

/** A longer source is not analysed here: the person waits at the terminal. */
const MAX_SOURCE_BYTES = 400_000;
/** Where a distributor's packages lie. Source: Debian Python Policy, Fedora's packaging guide. */
const DISTRO_FOLDER = /^\/usr\/lib(?:64)?\/python3(?:\.\d+)?\//;
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** A report with what rules say of its runs, and what could not be judged. */
export interface JudgedReport {
  readonly report: RunReport;
  readonly problems: readonly string[];
}

/**
 * Judges every run of a report: with its script's source, where that is still what ran, and with imported advisories.
 * Never throws: a report without findings is better than none.
 */
export async function judgeReport(report: RunReport, context: JudgeContext, dataFolder: string): Promise<JudgedReport> {
  if (report.run === null) return { report, problems: [] };
  const findings: Finding[] = [];
  const problems: string[] = [];
  // What one run writes, another of the same program may read.
  let fileLabels = context.fileLabels;
  for (const { run, activities } of [{ run: report.run, activities: report.activities }, ...report.children]) {
    try {
      const known = await contextOf(run, activities, { ...context, fileLabels }, dataFolder);
      const judgement = judgeRun(run, activities, known);
      findings.push(...judgement.findings);
      problems.push(...judgement.failures);
      fileLabels = {
        ...fileLabels,
        ...Object.fromEntries(Object.entries(judgement.fileLabels).map(([path, labels]) => [path, [...labels]])),
      };
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return { report: { ...report, findings }, problems };
}

async function contextOf(
  run: Run,
  activities: readonly ObservedActivity[],
  context: JudgeContext,
  dataFolder: string,
): Promise<JudgeContext> {
  const packageVerdicts = [...context.packageVerdicts, ...(await importedVerdicts(activities, dataFolder))];
  const source = context.analysis === undefined ? sourceOf(run) : undefined;
  if (source === undefined) return { ...context, packageVerdicts };
  const analysis = await analysisOf(source.bytes, source.path);
  return {
    ...context,
    packageVerdicts,
    analysis,
    secretUses: [
      ...context.secretUses,
      ...findSecretUses(
        source.bytes.toString('utf8'),
        analysis.secrets.filter(({ tier }) => tier !== 'info'),
      ),
    ],
  };
}

/** Source of the script, where it is still the one that ran. */
function sourceOf({ script }: Run): { readonly bytes: Buffer; readonly path: string } | undefined {
  const { path, sha256 } = script;
  if (path === undefined || sha256 === undefined || !['.py', '.pyw'].includes(extname(path))) return undefined;
  try {
    const bytes = readFileSync(path);
    const isSame = createHash('sha256').update(bytes).digest('hex') === sha256;
    return isSame && bytes.length <= MAX_SOURCE_BYTES ? { bytes, path } : undefined;
  } catch {
    return undefined;
  }
}

async function analysisOf(bytes: Uint8Array, path: string): Promise<Analysis> {
  // Loaded only here: it brings two engines.
  const { analyse } = await import('@sentinel/analyser');
  return analyse(bytes, { path });
}

/** What imported advisories say of the distributions that were really imported; nothing where none were imported. */
async function importedVerdicts(
  activities: readonly ObservedActivity[],
  dataFolder: string,
): Promise<readonly PackageVerdict[]> {
  const imported = activities.flatMap(({ type, attributes }) => {
    const distribution = attributes['sentinel.distribution.name'];
    const version = attributes['sentinel.distribution.version'];
    if (type !== 'module.import' || typeof distribution !== 'string' || typeof version !== 'string') return [];
    const isDistro = DISTRO_FOLDER.test(String(attributes['sentinel.module.path'] ?? ''));
    return { distribution, version, origin: isDistro ? ('distro' as const) : ('index' as const) };
  });
  if (imported.length === 0) return [];
  const { AdvisoryStore } = await import('@sentinel/analyser/advisories');
  const opened = new AdvisoryStore(dataFolder).load();
  if (opened === undefined) return [];
  const { judgePackages } = await import('@sentinel/analyser');
  return judgePackages(
    imported.map(({ distribution, version }) => ({ distribution, version, ground: 'installed' as const })),
    opened.index,
    { installed: imported },
  );
}
