import { RetentionClass, SentinelError } from '@sentinel/protocol';
import { dispose, keptDays, previewDisposal, type RetentionRuleTable, toDisposal } from '../retention/dispose.ts';
import { createHold, listHolds, releaseHold } from '../retention/hold.ts';
import { RETENTION_CLASSES } from '../retention/retention-classes.ts';
import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

type Operations =
  | 'getRetention'
  | 'setRetention'
  | 'previewDisposal'
  | 'disposeNow'
  | 'listDisposals'
  | 'listLegalHolds'
  | 'createLegalHold'
  | 'releaseLegalHold';

/** How long things are kept, what goes and what must stay. */
export function retention(services: Services): Handlers<Operations> {
  const { control, audit } = services;
  return {
    async getRetention() {
      const rules = await control.selectFrom('retention_rule').selectAll().execute();
      return {
        rules: RetentionClass.options.map((name) =>
          toRule(
            name,
            rules.find((rule) => rule.class === name),
          ),
        ),
      };
    },

    async setRetention({ params, body, person }) {
      const { shortestDays } = RETENTION_CLASSES[params.class];
      if (body.keepDays !== null && body.keepDays < shortestDays)
        throw new SentinelError('bad-request', `body: keepDays: this class is kept for at least ${shortestDays} days`);
      const before = await keptDays(control, params.class);
      const row = {
        class: params.class,
        keep_days: body.keepDays,
        changed_at: Date.now(),
        changed_by: person.userName,
      };
      await control
        .insertInto('retention_rule')
        .values(row)
        .onConflict((conflict) => conflict.column('class').doUpdateSet(row))
        .execute();
      await audit.record(person, {
        action: 'retention.set',
        object: { kind: 'retention', id: params.class },
        before: { keepDays: before },
        after: { keepDays: body.keepDays },
        reason: body.reason,
      });
      return toRule(params.class, row);
    },

    async previewDisposal({ params, query }) {
      const keepDays = query.keepDays ?? (await keptDays(control, params.class));
      if (keepDays === null) return { class: params.class, days: [], rows: 0, held: 0 };
      const { beforeMs, days } = await previewDisposal(services, params.class, keepDays, Date.now());
      return {
        class: params.class,
        before: new Date(beforeMs).toISOString(),
        days,
        rows: days.reduce((sum, day) => sum + day.rows, 0),
        held: days.reduce((sum, day) => sum + day.held, 0),
      };
    },

    async disposeNow({ params, body, person, signal }) {
      const disposal = await dispose(services, params.class, Date.now(), signal);
      if (disposal === undefined) return {};
      await audit.record(person, {
        action: 'retention.dispose',
        object: { kind: 'disposal', id: disposal.id },
        after: { class: params.class, removed: disposal.removed, held: disposal.held, before: disposal.before },
        reason: body.reason,
      });
      return { disposal };
    },

    async listDisposals({ query: { limit, cursor } }) {
      const rows = await control
        .selectFrom('disposal')
        .selectAll()
        .$if(cursor !== undefined, (all) => all.where('id', '<', cursor ?? ''))
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const { total } = await control
        .selectFrom('disposal')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const items = rows.slice(0, limit).map(toDisposal);
      const last = items.at(-1);
      return { items, total, ...(rows.length > limit && last && { nextCursor: last.id }) };
    },

    listLegalHolds: async () => ({ items: await listHolds(control) }),

    async createLegalHold({ body, person }) {
      const hold = await createHold(control, body, person.userName, Date.now());
      await audit.record(person, {
        action: 'hold.create',
        object: { kind: 'hold', id: hold.id },
        after: hold,
        reason: body.reason,
      });
      return hold;
    },

    async releaseLegalHold({ params, body, person }) {
      const hold = await releaseHold(control, params.holdId.toLowerCase(), person.userName, Date.now());
      if (hold === undefined) throw new SentinelError('not-found', 'There is no hold in force with this id.');
      await audit.record(person, {
        action: 'hold.release',
        object: { kind: 'hold', id: hold.id },
        after: hold,
        reason: body.reason,
      });
      return hold;
    },
  };
}

function toRule(name: RetentionClass, rule: RetentionRuleTable | undefined) {
  const { defaultDays, shortestDays } = RETENTION_CLASSES[name];
  return {
    class: name,
    keepDays: rule === undefined ? defaultDays : rule.keep_days,
    shortestDays,
    isDefault: rule === undefined,
    ...(rule && { changedAt: new Date(rule.changed_at).toISOString(), changedBy: rule.changed_by }),
  };
}
