import { defineRule } from '../rule.ts';
import { importedVerdicts } from '../run/imported-verdicts.ts';
import { namesOf } from '../run/sentence.ts';

/** A package known to be malicious whose code the run loaded, not one that is merely installed. */
export default defineRule({
  id: 'malicious-package-imported',
  title: 'Malicious package really imported',
  severity: 'critical',
  confidence: 'high',
  techniques: ['T1195.002', 'T1059.006'],
  controls: ['ISO27001:A.8.8', 'ISO27001:A.8.7'],
  misses: 'Packages that the advisory data does not know; code of a package that was copied into the script.',
  references: ['https://attack.mitre.org/techniques/T1195/002/'],
  find: (view) =>
    importedVerdicts(view, 'malicious').map(({ activity, verdict }) => ({
      subject: verdict.distribution,
      sentence: `The script loaded ${verdict.distribution}${verdict.version === undefined ? '' : ` ${verdict.version}`}, a package that is known to be malicious (${namesOf(verdict.advisories, 2)}); treat the computer as compromised.`,
      evidence: [view.evidence(activity, `imports ${verdict.distribution}`)],
    })),
});
