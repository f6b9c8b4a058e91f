import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'document.use',
  title: 'Document read or written',
  description:
    'A library took a table or a document apart, or made one; rows are those that went through, over all times.',
  ocsf: { classUid: 1001, activityId: 99 },
  target: ['file.path', 'sentinel.document.format'],
  required: ['sentinel.document.format', 'sentinel.file.operation'],
  optional: [
    'file.path',
    'sentinel.document.sheets',
    'sentinel.document.columns',
    'sentinel.document.pages',
    'sentinel.library.name',
    'sentinel.file.place',
    'sentinel.file.provider',
  ],
  lane: 'files',
});
