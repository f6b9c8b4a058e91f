import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'module.import',
  title: 'Library imported',
  description: 'A top-level module was imported for the first time in the run.',
  ocsf: { classUid: 1005, activityId: 1 },
  target: ['sentinel.module.name'],
  required: ['sentinel.module.name'],
  optional: [
    'sentinel.module.path',
    'sentinel.module.kind',
    'sentinel.distribution.name',
    'sentinel.distribution.version',
  ],
  lane: 'modules',
});
