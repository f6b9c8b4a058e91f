import type { InventoryUpload } from '@sentinel/protocol';
import type { InventoryItemTable, ItemKind } from './inventory.ts';

/** Verdicts in the order that the largest text is the worst: groups show the largest. */
const VERDICT_TEXT = {
  'unknown-name': '1 unknown-name',
  vulnerable: '2 vulnerable',
  squat: '3 squat',
  malicious: '4 malicious',
};

/** Rows of what an upload found. */
export function inventoryItems({ id, inventory, risks, packageVerdicts }: InventoryUpload): InventoryItemTable[] {
  const places = new Map<ItemKind, number>();
  const item = (
    kind: ItemKind,
    name: string,
    detail: object,
    rest: {
      version?: string | undefined;
      origin?: string | undefined;
      score?: number | undefined;
      verdict?: string | undefined;
    } = {},
  ): InventoryItemTable => {
    const place = places.get(kind) ?? 0;
    places.set(kind, place + 1);
    return {
      inventory_id: id,
      kind,
      place,
      name,
      version: rest.version ?? null,
      origin: rest.origin ?? null,
      score: rest.score ?? null,
      verdict: rest.verdict ?? null,
      detail: JSON.stringify(detail),
    };
  };
  const riskOf = new Map(risks.map((risk) => [risk.path, risk]));
  const verdictOf = new Map<string, string>();
  for (const { distribution, version, kind } of packageVerdicts) {
    const key = `${distribution} ${version ?? ''}`;
    const text = VERDICT_TEXT[kind];
    if ((verdictOf.get(key) ?? '') < text) verdictOf.set(key, text);
  }
  const source = (one: InventoryUpload['inventory']['notebooks'][number], role: string) => {
    const risk = riskOf.get(one.path);
    const owner = one.owner.name ?? (one.owner.uid === undefined ? undefined : `user id ${one.owner.uid}`);
    return item(
      'script',
      one.path,
      {
        role,
        ...(owner === undefined ? {} : { owner }),
        place: one.place.label ?? one.place.class,
        modifiedAt: one.modifiedAt,
        ...(one.sha256 === undefined ? {} : { sha256: one.sha256 }),
        ...(risk?.reason === undefined ? {} : { reason: risk.reason }),
      },
      { score: risk?.score, verdict: risk?.band },
    );
  };
  return [
    ...inventory.interpreters.map((one) =>
      item(
        'interpreter',
        one.implementation,
        { path: one.path, problem: one.problem },
        { version: one.version, origin: one.kind },
      ),
    ),
    ...inventory.environments.map((one) =>
      item('environment', one.kind, { prefix: one.prefix, problem: one.problem }, { version: one.version }),
    ),
    ...inventory.packages.map((one) =>
      item(
        'package',
        one.distribution,
        { site: one.site, installer: one.installer },
        {
          version: one.version,
          verdict: verdictOf.get(`${one.distribution} ${one.version ?? ''}`)?.slice(2),
        },
      ),
    ),
    ...inventory.scripts.map((one) => source(one, one.role)),
    ...inventory.notebooks.map((one) => source(one, 'notebook')),
    ...inventory.schedules.map((one) =>
      item(
        'schedule',
        one.command.script ?? one.command.module ?? one.command.program,
        { source: one.source, when: one.when, user: one.user },
        { origin: one.kind },
      ),
    ),
  ];
}
