import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'process.spawn',
  title: 'Program launched',
  description: 'Another program was started, or this process was replaced by one.',
  ocsf: { classUid: 1007, activityId: 1 },
  target: ['process.executable.path', 'process.executable.name'],
  required: ['process.executable.name', 'sentinel.process.launcher'],
  optional: [
    'process.executable.path',
    'process.args_count',
    'sentinel.process.argument_shape',
    'sentinel.process.shell',
    'process.working_directory',
    'sentinel.package.names',
    'sentinel.process.kind',
    'sentinel.mcp.server',
  ],
  lane: 'processes',
});
