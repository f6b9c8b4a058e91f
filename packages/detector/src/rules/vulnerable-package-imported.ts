import { defineRule } from '../rule.ts';
import { importedVerdicts } from '../run/imported-verdicts.ts';
import { namesOf } from '../run/sentence.ts';

/** A package known to be vulnerable whose code the run loaded, not one that is merely installed. */
export default defineRule({
  id: 'vulnerable-package-imported',
  title: 'Vulnerable package really imported',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1195.001'],
  controls: ['ISO27001:A.8.8', 'ISO27001:A.8.7'],
  misses: 'Packages that the advisory data does not know. Whether the weak part was reached is not looked at.',
  references: ['https://osv.dev/'],
  find: (view) =>
    importedVerdicts(view, 'vulnerable').map(({ activity, verdict }) => ({
      subject: verdict.distribution,
      sentence: `The script used ${verdict.distribution}${verdict.version === undefined ? '' : ` ${verdict.version}`}, which has known weaknesses (${namesOf(verdict.advisories, 3)})${verdict.isKnownExploited ? ' that are attacked in the wild' : ''}${verdict.fixedIn === undefined ? '' : `; version ${verdict.fixedIn} mends them`}.`,
      evidence: [view.evidence(activity, `imports ${verdict.distribution}`)],
      severity: verdict.isKnownExploited ? ('critical' as const) : verdict.severity,
    })),
});
