import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'probe.error',
  title: 'Fault of the probe',
  description: 'The probe had a fault of its own, survived it and went on observing less.',
  ocsf: { classUid: 6002, activityId: 99 },
  target: ['error.type'],
  required: ['error.type'],
  optional: [],
  lane: 'probe',
});
