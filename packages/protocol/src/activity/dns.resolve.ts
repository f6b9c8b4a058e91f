import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'dns.resolve',
  title: 'Name looked up',
  description: 'The addresses of a host name were asked for.',
  ocsf: { classUid: 4003, activityId: 1 },
  target: ['dns.question.name'],
  required: ['dns.question.name'],
  optional: ['error.type'],
  lane: 'network',
});
