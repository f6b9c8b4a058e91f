import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'code.load',
  title: 'Code loaded while running',
  description: 'Text, bytes or a native library became running code other than by an import.',
  ocsf: { classUid: 1005, activityId: 1 },
  target: ['sentinel.code.name', 'sentinel.code.kind'],
  required: ['sentinel.code.kind'],
  optional: ['sentinel.code.name', 'file.path'],
  lane: 'processes',
});
