import { defineRule } from '../rule.ts';

/** A password or key that stands in the script. */
export default defineRule({
  id: 'hardcoded-credential',
  title: 'Credential in the source',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1552.001'],
  controls: ['ISO27001:A.5.17', 'ISO27001:A.8.28'],
  misses: 'Credentials that the analyser does not recognise, and those of files that the script reads.',
  references: ['https://cwe.mitre.org/data/definitions/798.html'],
  find: (view) =>
    (view.context.analysis?.secrets ?? [])
      .filter(({ tier }) => tier !== 'info')
      .map(({ name, title, tier, fingerprint, place }) => ({
        subject: fingerprint,
        sentence: `The script ${view.run.script.name} carries a password or key in its text${name === undefined ? '' : ` (${name})`}, where everybody who can read the file can take it.`,
        evidence: [view.codeLine(place.line, title)],
        confidence: tier === 'high' ? ('high' as const) : ('medium' as const),
      })),
});
