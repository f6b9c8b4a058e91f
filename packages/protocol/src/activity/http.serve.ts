import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'http.serve',
  title: 'HTTP request answered',
  description: 'A request came in to a listener of the run; status is that of the last answer.',
  ocsf: { classUid: 4002, activityId: 99 },
  target: ['url.template', 'network.local.address'],
  required: ['http.request.method', 'url.scheme'],
  optional: ['network.local.address', 'network.local.port', 'url.template', 'http.response.status_code', 'error.type'],
  lane: 'network',
});
