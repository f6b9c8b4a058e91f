import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'com.call',
  title: 'Application automated',
  description: 'An application was driven through COM; count is how often the member was taken.',
  ocsf: { classUid: 6003, activityId: 99 },
  target: ['sentinel.com.prog_id'],
  required: ['sentinel.com.prog_id'],
  optional: ['sentinel.com.member', 'sentinel.library.name'],
  lane: 'desktop',
});
