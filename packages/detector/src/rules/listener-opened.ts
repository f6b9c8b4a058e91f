import { defineRule } from '../rule.ts';
import { groupBy, textOf } from '../run/activity-facts.ts';
import { countOf, someOf } from '../run/sentence.ts';

/** Addresses that only this computer reaches. Source: RFC 1122, RFC 4291. */
const LOOPBACK = /^(?:127\.|::1$|localhost$|\/|$)/;

/** A socket that others can connect to. */
export default defineRule({
  id: 'listener-opened',
  title: 'Inbound listener opened',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1571', 'T1205'],
  controls: ['ISO27001:A.8.20'],
  misses:
    'Listeners of programs that the script launches. Those that only this computer reaches are left out; firewalls are not looked at.',
  references: ['https://attack.mitre.org/techniques/T1571/'],
  find: (view) => {
    const open = view
      .ofType('net.listen')
      .filter(
        (activity) =>
          !LOOPBACK.test(textOf(activity, 'network.local.address')) && textOf(activity, 'network.transport') !== 'udp',
      );
    return [
      ...groupBy(
        open,
        (activity) => `${textOf(activity, 'network.local.address')}:${textOf(activity, 'network.local.port')}`,
      ),
    ].map(([address, group]) => {
      const port = textOf(group[0], 'network.local.port');
      const peers = view.ofType('net.accept').filter((activity) => textOf(activity, 'network.local.port') === port);
      return {
        subject: address,
        sentence: `The script waited for connections from other computers on port ${port}${
          peers.length > 0
            ? ` and took ${countOf(
                peers.reduce((sum, { count }) => sum + count, 0),
                'connection',
              )}`
            : ''
        }.`,
        evidence: [
          ...someOf(group).map((activity) => view.evidence(activity, 'listens')),
          ...someOf(peers, 3).map((activity) => view.evidence(activity, 'a connection came in')),
        ],
      };
    });
  },
});
