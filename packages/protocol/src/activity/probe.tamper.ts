import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'probe.tamper',
  title: 'Reach for the probe',
  description: 'The run reached for what the probe needs in order to observe it.',
  ocsf: { classUid: 6002, activityId: 99 },
  target: ['sentinel.tamper.kind'],
  required: ['sentinel.tamper.kind'],
  optional: [],
  lane: 'probe',
});
