import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'package.install',
  title: 'Package installed',
  description:
    'An installer was about to build or install a distribution: seen inside pip, which knows what it chose; of other installers, what they were asked for.',
  ocsf: { classUid: 6002, activityId: 1 },
  target: ['sentinel.distribution.name'],
  required: ['sentinel.distribution.name'],
  optional: [
    'sentinel.distribution.version',
    'sentinel.package.release',
    'sentinel.package.installer',
    'sentinel.package.source',
    'server.address',
  ],
  lane: 'modules',
});
