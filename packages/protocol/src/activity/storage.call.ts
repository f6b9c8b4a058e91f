import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'storage.call',
  title: 'Cloud storage used',
  description: 'An operation of a cloud storage library; the bytes are those of the connection.',
  ocsf: { classUid: 6006, activityId: 99 },
  target: ['sentinel.storage.container', 'cloud.provider'],
  required: ['cloud.provider', 'sentinel.storage.operation'],
  optional: ['sentinel.storage.container', 'sentinel.storage.service', 'server.address'],
  lane: 'network',
});
