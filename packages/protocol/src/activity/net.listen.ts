import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'net.listen',
  title: 'Network listener',
  description: 'A socket was bound to accept connections or datagrams.',
  ocsf: { classUid: 4001, activityId: 7 },
  target: ['network.local.address'],
  required: ['network.local.address'],
  optional: ['network.local.port', 'network.transport'],
  lane: 'network',
});
