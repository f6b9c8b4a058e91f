import type { DataFileFound, Inventory, ScriptAssessment } from '@sentinel/protocol';
import type { AnalyserLink } from './analyser-link.ts';
import { scriptFacts } from './assess.ts';

/** Assessments whose flows carry the kinds of the data files they begin at, with the risk that follows; the highest first. */
export async function labelAssessments(
  assessments: readonly ScriptAssessment[],
  files: readonly DataFileFound[],
  inventory: Inventory,
  link: AnalyserLink,
): Promise<ScriptAssessment[]> {
  const { labelFlows } = await import('@sentinel/analyser');
  const factsOf = scriptFacts(inventory);
  return assessments
    .map((assessment) => {
      // A relative path in the code means the folder of the script: the same name elsewhere is another file.
      const own = files.filter(({ namedBy }) => namedBy.includes(assessment.path));
      const analysis = labelFlows(assessment.analysis, own);
      return analysis === assessment.analysis
        ? assessment
        : { ...assessment, analysis, risk: link.riskOf(analysis, factsOf(assessment.path)) };
    })
    .sort((a, b) => b.risk.score - a.risk.score || (a.path < b.path ? -1 : 1));
}
