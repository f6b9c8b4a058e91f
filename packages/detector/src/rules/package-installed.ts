import { defineRule } from '../rule.ts';
import { listOf, textOf } from '../run/activity-facts.ts';
import { namesOf } from '../run/sentence.ts';

/** Name of a requirement: `requests>=2` is `requests`. Source: PEP 508, PEP 503. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*/;

/** Packages that the run had installed; a malicious one is critical. */
export default defineRule({
  id: 'package-installed',
  title: 'Packages installed by the run',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1195.002', 'T1105'],
  controls: ['ISO27001:A.8.19'],
  misses: 'Installers that are called through a library, or whose arguments come from a file.',
  references: ['https://attack.mitre.org/techniques/T1105/'],
  find: (view) =>
    view.ofType('process.spawn').flatMap((activity) => {
      const wanted = listOf(activity, 'sentinel.package.names');
      if (wanted.length === 0) return [];
      const names = wanted.map((one) => (NAME.exec(one)?.[0] ?? one).toLowerCase().replaceAll(/[-_.]+/g, '-'));
      const bad = view.context.packageVerdicts.filter(
        ({ kind, distribution }) => (kind === 'malicious' || kind === 'squat') && names.includes(distribution),
      );
      const worst = bad.some(({ kind }) => kind === 'malicious') ? 'critical' : bad.length > 0 ? 'high' : undefined;
      const warning =
        worst === undefined
          ? ''
          : `; ${namesOf(bad.map(({ distribution }) => distribution))} ${worst === 'critical' ? 'is known to be malicious' : 'imitates the name of a known package'}`;
      return {
        subject: names.toSorted().join(','),
        sentence: `The script had ${namesOf(wanted)} installed while it ran, from outside any review${warning}.`,
        evidence: [view.evidence(activity, `started ${textOf(activity, 'process.executable.name')}`)],
        ...(worst === undefined ? {} : { severity: worst }),
      };
    }),
});
