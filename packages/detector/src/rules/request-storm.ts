import { defineRule } from '../rule.ts';
import { groupBy, sumOf, textOf } from '../run/activity-facts.ts';
import { databaseName, isEmbedded } from '../run/databases.ts';
import { countOf, someOf } from '../run/sentence.ts';

/** Very many requests to one host or database server in a short time. */
export default defineRule({
  id: 'request-storm',
  title: 'Request storm',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1499', 'T1110'],
  controls: ['ISO27001:A.8.6'],
  misses: 'Storms from several processes, each of which stays below the limit; databases of one file are left out.',
  references: ['https://attack.mitre.org/techniques/T1499/'],
  find: (view) => {
    const { requests: most, requestsPerSecond } = view.context.limits;
    const calls = [...view.ofType('http.request'), ...view.ofType('db.query').filter((query) => !isEmbedded(query))];
    const nameOf = (activity: (typeof calls)[number]) =>
      activity.type === 'db.query' ? databaseName(activity, view.context) : textOf(activity, 'server.address');
    return [...groupBy(calls, nameOf)].flatMap(([name, group]) => {
      const count = sumOf(group, 'count');
      const from = group.reduce((first, { firstSeen }) => (firstSeen < first ? firstSeen : first), group[0].firstSeen);
      const to = group.reduce((last, { lastSeen }) => (lastSeen > last ? lastSeen : last), '');
      const seconds = Math.max(1, (Date.parse(to) - Date.parse(from)) / 1000);
      if (count < most || count / seconds < requestsPerSecond) return [];
      const failed = sumOf(group, 'errors');
      return {
        subject: name,
        sentence: `The script sent ${countOf(count, 'request')} to ${name} within ${countOf(Math.ceil(seconds), 'second')}${failed > 0 ? `; ${failed.toLocaleString('en-US')} failed` : ''}.`,
        evidence: someOf(group).map((activity) => view.evidence(activity, countOf(activity.count, 'request'))),
      };
    });
  },
});
