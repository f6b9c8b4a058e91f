import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'db.connect',
  title: 'Database opened',
  description: 'A database connection was opened.',
  ocsf: { classUid: 6005, activityId: 1 },
  target: ['db.namespace'],
  required: ['db.system.name'],
  optional: ['db.namespace', 'server.address', 'server.port', 'sentinel.db.user', 'error.type'],
  lane: 'databases',
});
