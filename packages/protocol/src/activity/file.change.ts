import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'file.change',
  title: 'File deleted, renamed or truncated',
  description: 'A file was changed other than through an open handle.',
  ocsf: { classUid: 1001, activityId: 4 },
  target: ['file.path'],
  required: ['file.path', 'sentinel.file.operation'],
  optional: [
    'sentinel.file.path.target',
    'file.size',
    'sentinel.file.place',
    'sentinel.file.provider',
    'sentinel.file.role',
  ],
  lane: 'files',
});
