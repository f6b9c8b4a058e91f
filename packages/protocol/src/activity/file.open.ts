import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'file.open',
  title: 'File opened',
  description: 'A file was opened for reading or for writing.',
  ocsf: { classUid: 1001, activityId: 14 },
  target: ['file.path'],
  required: ['file.path', 'sentinel.file.operation'],
  optional: ['file.size', 'sentinel.file.place', 'sentinel.file.provider', 'sentinel.file.role'],
  lane: 'files',
});
