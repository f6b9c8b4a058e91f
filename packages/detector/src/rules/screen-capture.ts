import { defineRule } from '../rule.ts';
import { textOf } from '../run/activity-facts.ts';
import { countOf, namesOf, someOf } from '../run/sentence.ts';

/** Pictures taken of the screen. */
export default defineRule({
  id: 'screen-capture',
  title: 'Screen captured',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1113'],
  controls: ['ISO27001:A.5.34', 'GDPR:5(1)(a)'],
  misses: 'Programs that the script launches to take pictures; remote desktops.',
  references: ['https://attack.mitre.org/techniques/T1113/'],
  find: (view) => {
    const uses = view
      .ofType('desktop.use')
      .filter(({ attributes }) => attributes['sentinel.desktop.kind'] === 'screenshot');
    if (uses.length === 0) return [];
    const libraries = namesOf(
      uses.map((activity) => textOf(activity, 'sentinel.library.name')).filter((name) => name !== ''),
    );
    return [
      {
        subject: 'desktop',
        sentence: `The script took pictures of the screen (with ${libraries}), with whatever was on it.`,
        evidence: someOf(uses).map((activity) => view.evidence(activity, countOf(activity.count, 'call'))),
      },
    ];
  },
});
