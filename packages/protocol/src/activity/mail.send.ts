import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'mail.send',
  title: 'Mail sent',
  description: 'A message was handed to a mail server or a mail program; bytes out are those of the messages.',
  ocsf: { classUid: 4009, activityId: 1 },
  target: ['server.address', 'sentinel.library.name'],
  required: ['sentinel.library.name'],
  optional: [
    'server.address',
    'server.port',
    'sentinel.mail.domains',
    'sentinel.mail.recipients',
    'sentinel.mail.attachments',
    'error.type',
  ],
  lane: 'network',
});
