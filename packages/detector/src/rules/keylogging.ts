import { defineRule } from '../rule.ts';
import { textOf } from '../run/activity-facts.ts';
import { countOf, namesOf, someOf } from '../run/sentence.ts';

/** A listener on all keys that the person presses, in whatever program. */
export default defineRule({
  id: 'keylogging',
  title: 'Keystrokes recorded',
  severity: 'high',
  confidence: 'high',
  techniques: ['T1056.001'],
  controls: ['ISO27001:A.5.34', 'GDPR:5(1)(a)'],
  misses: 'Hooks that are set through ctypes, and input devices that are read as files.',
  references: ['https://attack.mitre.org/techniques/T1056/001/'],
  find: (view) => {
    const uses = view
      .ofType('desktop.use')
      .filter(({ attributes }) => attributes['sentinel.desktop.kind'] === 'keyboard_hook');
    if (uses.length === 0) return [];
    const libraries = namesOf(
      uses.map((activity) => textOf(activity, 'sentinel.library.name')).filter((name) => name !== ''),
    );
    return [
      {
        subject: 'desktop',
        sentence: `The script listened to the keys that the person pressed in all programs (with ${libraries}); passwords go with them.`,
        evidence: someOf(uses).map((activity) => view.evidence(activity, countOf(activity.count, 'call'))),
      },
    ];
  },
});
