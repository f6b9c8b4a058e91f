import type { ObservedActivity } from '@sentinel/protocol';
import { defineRule } from '../rule.ts';
import { groupBy, lineOf, textOf } from '../run/activity-facts.ts';
import { databaseName } from '../run/databases.ts';
import { namesOf, someOf } from '../run/sentence.ts';

/** Activities that log in somewhere. */
const LOGINS = ['db.connect', 'http.request', 'mail.send', 'ai.request', 'storage.call', 'net.connect'];

/** A password or key of the script that was really used, and where it went. */
export default defineRule({
  id: 'hardcoded-credential-used',
  title: 'Credential of the source used at run time',
  severity: 'high',
  confidence: 'high',
  techniques: ['T1552.001', 'T1078'],
  controls: ['ISO27001:A.5.17', 'ISO27001:A.8.5'],
  misses:
    'Credentials that pass through more than one step, other files or frameworks before they are used; the line of the login must be one of the script.',
  references: ['https://cwe.mitre.org/data/definitions/798.html'],
  find: (view) =>
    view.context.secretUses.flatMap(({ line, name, statements }) => {
      const used: { readonly activity: ObservedActivity; readonly isDirect: boolean }[] = [];
      for (const type of LOGINS) {
        for (const activity of view.ofType(type)) {
          const at = lineOf(activity);
          const statement = at === undefined ? undefined : statements.find(({ from, to }) => from <= at && at <= to);
          if (statement !== undefined) used.push({ activity, isDirect: statement.isDirect });
        }
      }
      if (used.length === 0) return [];
      const places = [
        ...groupBy(used, ({ activity }) =>
          activity.type === 'db.connect'
            ? `the database ${databaseName(activity, view.context)}`
            : textOf(activity, 'server.address') || textOf(activity, 'network.peer.address') || activity.type,
        ).keys(),
      ];
      return {
        // A credential is told by its name: its line moves with every edit.
        subject: `${name ?? line} ${places.toSorted().join(' ')}`,
        sentence: `A password or key written in the script${name === undefined ? '' : ` (${name})`} was used to log in to ${namesOf(places)}.`,
        evidence: [
          view.codeLine(line, 'the credential'),
          ...someOf(used).map(({ activity }) => view.evidence(activity, 'the login')),
        ],
        confidence: used.some(({ isDirect }) => isDirect) ? ('high' as const) : ('medium' as const),
      };
    }),
});
