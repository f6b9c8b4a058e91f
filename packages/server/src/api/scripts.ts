import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { findScript, listScriptInterpreters, listScriptMachines, listScriptPage } from '../store/script.ts';
import { listTouched } from '../store/touched.ts';
import type { Handlers } from './handler.ts';

const MAX_TOUCHED = 500;

/** Scripts and what all their runs add up to. */
export function scripts({ events }: Services): Handlers<'listScripts' | 'getScript'> {
  return {
    listScripts: ({ query, person }) => listScriptPage(events, query, person.scope, Date.now()),
    async getScript({ params: { scriptId }, person: { scope } }) {
      const script = await findScript(events, scriptId, scope);
      if (script === undefined) throw new SentinelError('not-found', 'There is no script with this id.');
      const [touched, interpreters, machines] = await Promise.all([
        listTouched(events, scriptId, script.life, scope, MAX_TOUCHED),
        listScriptInterpreters(events, scriptId, script.life, scope),
        listScriptMachines(events, scriptId, script.life, scope),
      ]);
      return { ...script.row, touched: touched.items, touchedTotal: touched.total, interpreters, machines };
    },
  };
}
