import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'net.accept',
  title: 'Connection accepted',
  description: 'A peer connected to a listener of the run; bytes are those of all its connections.',
  ocsf: { classUid: 4001, activityId: 1 },
  target: ['network.peer.address', 'network.local.address'],
  required: ['network.transport'],
  optional: ['network.local.address', 'network.local.port', 'network.peer.address', 'error.type'],
  lane: 'network',
});
