import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'db.query',
  title: 'Database statement',
  description: 'A statement was executed; count, rows and errors are totals of all its executions.',
  ocsf: { classUid: 6005, activityId: 2 },
  target: ['db.collection.name', 'db.namespace'],
  required: ['db.system.name', 'db.operation.name'],
  optional: [
    'db.namespace',
    'db.collection.name',
    'db.query.summary',
    'server.address',
    'server.port',
    'sentinel.db.user',
    'error.type',
  ],
  lane: 'databases',
});
