import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'http.request',
  title: 'HTTP request',
  description: 'An HTTP request was sent and, where it came, its response received.',
  ocsf: { classUid: 4002, activityId: 99 },
  target: ['server.address'],
  required: ['server.address', 'http.request.method', 'url.scheme'],
  optional: ['server.port', 'url.template', 'http.response.status_code', 'sentinel.network.library', 'error.type'],
  lane: 'network',
});
