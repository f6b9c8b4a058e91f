import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import {
  findScript,
  listScriptInterpreters,
  listScriptMachines,
  listScriptPage,
  listTouched,
} from '../store/script.ts';
import type { Handlers } from './handler.ts';

const MAX_TOUCHED = 500;

/** Scripts and what all their runs add up to. */
export function scripts({ events }: Services): Handlers<'listScripts' | 'getScript'> {
  return {
    listScripts: ({ query }) => listScriptPage(events, query, Date.now()),
    async getScript({ params: { scriptId } }) {
      const script = await findScript(events, scriptId);
      if (script === undefined) throw new SentinelError('not-found', 'There is no script with this id.');
      const [touched, interpreters, machines] = await Promise.all([
        listTouched(events, scriptId, script.life, MAX_TOUCHED),
        listScriptInterpreters(events, scriptId, script.life),
        listScriptMachines(events, scriptId, script.life),
      ]);
      return { ...script.row, touched: touched.items, touchedTotal: touched.total, interpreters, machines };
    },
  };
}
