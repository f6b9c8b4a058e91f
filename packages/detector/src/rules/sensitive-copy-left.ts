import { labelWords } from '../context/data-categories.ts';
import { defineRule } from '../rule.ts';
import { groupBy } from '../run/activity-facts.ts';
import { bytesOf, countOf, fileName, folderOf, namesOf, someOf } from '../run/sentence.ts';

/** Places that the company governs, or that another rule speaks of. */
const ELSEWHERE = new Set(['personal_cloud', 'company_cloud', 'share']);

/** A copy of labelled data that the run left on this computer, or that an earlier one left and that is still there. */
export default defineRule({
  id: 'sensitive-copy-left',
  title: 'Local copy of sensitive data',
  severity: 'medium',
  confidence: 'medium',
  techniques: ['T1074.001', 'T1005'],
  controls: ['GDPR:5(1)(e)', 'ISO27001:A.8.10'],
  misses: 'Copies that were renamed later. What was written is not compared with what was read.',
  references: ['https://attack.mitre.org/techniques/T1074/001/'],
  find: (view) => {
    const copies = view.copies.filter(({ place }) => !ELSEWHERE.has(place));
    const left = [...groupBy(copies, ({ path }) => folderOf(path))].map(([folder, group]) => {
      const rows = group.reduce((sum, copy) => sum + copy.rows, 0);
      const size = bytesOf(group.reduce((sum, copy) => sum + copy.bytes, 0));
      const labels = [...new Set(group.flatMap((copy) => copy.labels))];
      const sources = [...new Set(group.flatMap((copy) => copy.sources))];
      return {
        subject: folder,
        sentence: `The script left a copy of ${labelWords(labels)} on this computer: ${namesOf(group.map(({ path }) => fileName(path)))} (${rows > 0 ? `${countOf(rows, 'row')}, ` : ''}${size}) in ${folder}.`,
        evidence: [
          ...someOf(sources, 3).map(({ activity, name }) => view.evidence(activity, `reads ${name}`)),
          ...someOf(group).map(({ activity, bytes }) => view.evidence(activity, `writes ${bytesOf(bytes)}`)),
        ],
        ...(sources.every(({ ground }) => ground === 'place') ? { confidence: 'high' as const } : {}),
      };
    });
    const { copyDays } = view.context.limits;
    const still = view.context.leftFiles
      .filter(({ ageDays }) => ageDays >= copyDays)
      .map(({ path, ageDays, labels }) => ({
        subject: `still ${folderOf(path)}`,
        sentence: `A copy of ${labelWords(labels)} that the script made ${countOf(ageDays, 'day')} ago is still on this computer: ${fileName(path)} in ${folderOf(path)}.`,
        evidence: [{ runId: view.run.id, note: 'the file was seen again later' }],
        severity: 'high' as const,
        confidence: 'high' as const,
      }));
    return [...left, ...still];
  },
});
