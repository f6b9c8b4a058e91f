import { RetentionClass } from '@sentinel/protocol';
import { backUp } from '../backup/back-up.ts';
import { dispose, keptDays, previewDisposal } from '../retention/dispose.ts';
import type { Services } from '../services.ts';
import type { ServerConfig } from '../settings.ts';
import type { LocalCommand } from './local-door.ts';

type Stores = Pick<Services, 'control' | 'events' | 'audit'>;

/** Whoever sits at the server and may write its folder. */
const OPERATOR = { accountId: 'sentinel', userName: 'operator', role: 'service' };

/** What the command line can ask: of a running server, or with the stores opened for it. */
export function localCommands(config: ServerConfig, stores: Stores): Readonly<Record<string, LocalCommand>> {
  const classOf = (options: Readonly<Record<string, unknown>>) => RetentionClass.parse(options.class);
  return {
    async backup(options) {
      const out = String(options.out);
      const manifest = await backUp({ config, events: stores.events, out, withKeys: options.withKeys === true });
      await stores.audit.record(OPERATOR, {
        action: 'backup.create',
        object: { kind: 'backup', id: out },
        after: { files: manifest.files.length, hasKeys: manifest.hasKeys },
      });
      return {
        out,
        createdAt: manifest.createdAt,
        control: manifest.control,
        hasEvents: manifest.hasEvents,
        hasKeys: manifest.hasKeys,
        eventRows: manifest.eventRows,
        bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    },
    async retention() {
      return Promise.all(
        RetentionClass.options.map(async (name) => {
          const keepDays = await keptDays(stores.control, name);
          if (keepDays === null) return { class: name, keepDays, due: 0, held: 0 };
          const { days } = await previewDisposal(stores, name, keepDays, Date.now());
          const total = (of: 'rows' | 'held') => days.reduce((sum, day) => sum + day[of], 0);
          return { class: name, keepDays, due: total('rows'), held: total('held') };
        }),
      );
    },
    async dispose(options) {
      const disposal = await dispose(stores, classOf(options), Date.now(), new AbortController().signal);
      if (disposal !== undefined) {
        await stores.audit.record(OPERATOR, {
          action: 'retention.dispose',
          object: { kind: 'disposal', id: disposal.id },
          after: { class: disposal.class, removed: disposal.removed, held: disposal.held, before: disposal.before },
        });
      }
      return disposal ?? null;
    },
  };
}
