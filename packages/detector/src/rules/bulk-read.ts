import { labelWords } from '../context/data-categories.ts';
import { defineRule } from '../rule.ts';
import { groupBy } from '../run/activity-facts.ts';
import { countOf, someOf } from '../run/sentence.ts';

/** Very many rows read from one place; fewer are enough where they are labelled. */
export default defineRule({
  id: 'bulk-read',
  title: 'Bulk read',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1213', 'T1005'],
  controls: ['ISO27001:A.8.12', 'GDPR:5(1)(c)'],
  misses:
    'Rows of drivers and file formats without a sensor are not counted; unlabelled files are not judged by size alone.',
  references: ['https://attack.mitre.org/techniques/T1213/'],
  find: (view) => {
    const { bulkRows, bulkLabelledRows } = view.context.limits;
    // A file that the same run wrote is no further source.
    const written = new Set(view.copies.map(({ path }) => path));
    const sources = view.sources.filter(
      ({ kind, rows, labels, activity }) =>
        rows > 0 &&
        (kind === 'database' || labels.length > 0) &&
        !written.has(String(activity.attributes['file.path'])) &&
        !view
          .ofType('file.open')
          .some(
            (file) =>
              file.attributes['sentinel.file.operation'] === 'write' &&
              file.attributes['file.path'] === activity.attributes['file.path'],
          ),
    );
    return [...groupBy(sources, ({ kind, name }) => `${kind} ${name}`)].flatMap(([key, group]) => {
      const rows = group.reduce((sum, source) => sum + source.rows, 0);
      const labels = [...new Set(group.flatMap((source) => source.labels))];
      if (rows < (labels.length > 0 ? bulkLabelledRows : bulkRows)) return [];
      return {
        subject: key,
        sentence: `The script read ${countOf(rows, 'row')}${labels.length > 0 ? ` of ${labelWords(labels)}` : ''} from ${group[0].name} in one run.`,
        evidence: someOf(group).map((source) => view.evidence(source.activity, `${countOf(source.rows, 'row')} read`)),
        ...(labels.length > 0 ? { severity: 'high' as const } : {}),
      };
    });
  },
});
