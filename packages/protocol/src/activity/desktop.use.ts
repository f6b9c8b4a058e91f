import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'desktop.use',
  title: 'Desktop used',
  description: 'Mouse, keyboard, clipboard, screen, windows or a browser were used on behalf of a person.',
  ocsf: { classUid: 1007, activityId: 99 },
  target: ['sentinel.desktop.kind'],
  required: ['sentinel.desktop.kind'],
  optional: ['sentinel.library.name', 'process.executable.name', 'server.address', 'server.port'],
  lane: 'desktop',
});
