import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'net.connect',
  title: 'Network connection',
  description: 'A socket was connected to a peer.',
  ocsf: { classUid: 4001, activityId: 1 },
  target: ['server.address', 'network.peer.address'],
  required: ['network.transport'],
  optional: ['server.address', 'server.port', 'network.peer.address', 'sentinel.network.library', 'error.type'],
  lane: 'network',
});
