import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

/** Whether the server can do its work. */
export function health({ control, events, version }: Services): Handlers<'getHealth'> {
  return {
    async getHealth() {
      const [controlOk, eventOk] = await Promise.all([
        control
          .selectFrom('account')
          .select('id')
          .limit(1)
          .execute()
          .then(
            () => true,
            () => false,
          ),
        events.ping(),
      ]);
      return {
        status: controlOk && eventOk ? 'ok' : 'degraded',
        version,
        stores: { control: controlOk ? 'ok' : 'unavailable', event: eventOk ? 'ok' : 'unavailable' },
      };
    },
  };
}
