import { labelWords } from '../context/data-categories.ts';
import { defineRule } from '../rule.ts';
import { groupBy, textOf } from '../run/activity-facts.ts';
import { countOf, folderOf, someOf } from '../run/sentence.ts';

/** Files with labelled data that the script read. */
export default defineRule({
  id: 'sensitive-file-read',
  title: 'Sensitive file read',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1005', 'T1039'],
  controls: ['ISO27001:A.8.12'],
  misses: "Files at places without a label whose columns the script's code does not name.",
  references: ['https://attack.mitre.org/techniques/T1039/'],
  find: (view) => {
    const files = view.sources.filter(({ kind, labels, ground, isOnShare }) => {
      if (kind !== 'file' || labels.length === 0) return false;
      // A name in the code alone says something of a file that others share, and too little of one's own.
      return ground !== 'code' || isOnShare;
    });
    const written = new Set(
      view
        .ofType('file.open')
        .filter(({ attributes }) => attributes['sentinel.file.operation'] === 'write')
        .map((activity) => textOf(activity, 'file.path')),
    );
    const read = files.filter(({ activity }) => !written.has(textOf(activity, 'file.path')));
    return [...groupBy(read, ({ activity }) => folderOf(textOf(activity, 'file.path')))].map(([folder, group]) => {
      const labels = [...new Set(group.flatMap((source) => source.labels))];
      const isOnShare = group.some((source) => source.isOnShare);
      return {
        subject: folder,
        sentence: `The script read ${labelWords(labels)} from ${countOf(group.length, 'file')} ${isOnShare ? 'on a share' : 'on this computer'} (${folder}).`,
        evidence: someOf(group).map(({ activity }) => view.evidence(activity, 'read')),
        ...(isOnShare ? { severity: 'medium' as const } : {}),
        ...(group.some(({ ground }) => ground === 'place') ? {} : { confidence: 'medium' as const }),
      };
    });
  },
});
