import { LEAST_RUNS } from '../context/baseline.ts';
import { defineRule } from '../rule.ts';
import { groupBy, sumOf, textOf } from '../run/activity-facts.ts';
import { bytesOf, someOf } from '../run/sentence.ts';

/** A host that this script never talked to before. */
export default defineRule({
  id: 'unusual-host',
  title: 'Unusual host',
  severity: 'low',
  confidence: 'medium',
  techniques: ['T1071'],
  controls: ['ISO27001:A.8.16'],
  misses: `Nothing is judged before ${LEAST_RUNS} earlier runs are known, nor for scripts that talk to ever new hosts. Hosts without a name are left out.`,
  references: ['https://attack.mitre.org/techniques/T1071/'],
  find: (view) => {
    const { baseline } = view.context;
    if (baseline === undefined || baseline.runs < LEAST_RUNS || baseline.hosts.length * 2 > baseline.runs) return [];
    const connections = view.ofType('net.connect').filter((activity) => {
      const host = textOf(activity, 'server.address').toLowerCase();
      const isName = host !== '' && host !== textOf(activity, 'network.peer.address');
      return isName && view.reachOf(host) !== 'local' && !baseline.hosts.includes(host);
    });
    return [...groupBy(connections, (activity) => textOf(activity, 'server.address').toLowerCase())].map(
      ([host, group]) => ({
        subject: host,
        sentence: `The script talked to ${host} and sent ${bytesOf(sumOf(group, 'bytesOut'))}; in its ${baseline.runs} earlier runs it never did.`,
        evidence: someOf(group).map((activity) => view.evidence(activity, 'first connection')),
        ...(view.reachOf(host) === 'unknown' ? { severity: 'medium' as const } : {}),
      }),
    );
  },
});
