import type { InventoryUpload, LibraryRow } from '@sentinel/protocol';
import type { InventoryItemTable, ItemKind } from './inventory.ts';

const MOST_ADVISORIES = 20;
/** Kinds of verdicts, the worst with the largest number: of several on one version it stays. */
const BADNESS = { 'unknown-name': 1, vulnerable: 2, squat: 3, malicious: 4 } as const;

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
      sha256?: string | undefined;
      familyHash?: string | undefined;
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
      sha256: rest.sha256 ?? null,
      family_hash: rest.familyHash ?? null,
    };
  };
  const riskOf = new Map(risks.map((risk) => [risk.path, risk]));
  const verdictOf = new Map<string, (typeof packageVerdicts)[number]>();
  for (const verdict of packageVerdicts) {
    const key = `${verdict.distribution} ${verdict.version ?? ''}`;
    const before = verdictOf.get(key);
    if (before === undefined || BADNESS[before.kind] < BADNESS[verdict.kind]) verdictOf.set(key, verdict);
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
        ...(risk?.reason === undefined ? {} : { reason: risk.reason }),
      },
      { score: risk?.score, verdict: risk?.band, sha256: one.sha256, familyHash: risk?.familyHash },
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
    ...inventory.packages.map((one) => {
      const verdict = verdictOf.get(`${one.distribution} ${one.version ?? ''}`);
      return item(
        'package',
        one.distribution,
        { site: one.site, installer: one.installer, ...(verdict === undefined ? {} : { verdict: partOf(verdict) }) },
        { version: one.version, verdict: verdict?.kind },
      );
    }),
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

/** What of a verdict is worth keeping with each copy of a package. */
function partOf({
  kind,
  severity,
  advisories,
  fixedIn,
  isKnownExploited,
  resembles,
}: InventoryUpload['packageVerdicts'][number]): NonNullable<LibraryRow['verdict']> {
  return {
    kind,
    severity,
    advisories: advisories.slice(0, MOST_ADVISORIES),
    isKnownExploited,
    ...(fixedIn === undefined ? {} : { fixedIn }),
    ...(resembles === undefined ? {} : { resembles }),
  };
}
