import { defineRule } from '../rule.ts';
import { textOf } from '../run/activity-facts.ts';
import { countOf, someOf } from '../run/sentence.ts';

/** COM classes of SAP GUI Scripting and of the older SAP controls. Source: SAP GUI Scripting API. */
const SAP = /^(?:SAPGUI|Sapgui\.|SAP\.(?:Functions|LogonControl|TableFactory)|SapROTWr\.|SAPGUISCRIPTING)/i;

/** SAP driven through its screens, with the rights of the person who is logged in. */
export default defineRule({
  id: 'sap-gui-automation',
  title: 'SAP GUI automation',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1059', 'T1213'],
  controls: ['SOX:ITGC-AC', 'ISO27001:A.8.3'],
  misses: 'Robots that move the mouse and press keys; which transactions were used.',
  references: ['https://help.sap.com/docs/sap_gui_for_windows'],
  find: (view) => {
    const calls = view.ofType('com.call').filter((call) => SAP.test(textOf(call, 'sentinel.com.prog_id')));
    if (calls.length === 0) return [];
    return [
      {
        subject: 'sap',
        sentence: `The script operated SAP through its screens with the login of the person at the computer (${view.run.user.name}), so SAP records a person where a program worked.`,
        evidence: someOf(calls).map((call) => view.evidence(call, countOf(call.count, 'call'))),
      },
    ];
  },
});
