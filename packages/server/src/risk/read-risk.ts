import type { Confidence, RiskDimension, ScriptFacts, Severity } from '@sentinel/protocol';
import { readStandings } from '../families/family-standing.ts';
import type { ControlStore } from '../store/control-store.ts';
import type { FamilyTable } from '../store/family.ts';
import type { StandingOf } from '../store/family-list.ts';
import { severityOf } from '../store/finding.ts';
import type { Scope } from '../store/scope.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import { DAY_MS } from '../store/store-time.ts';
import { withinScope } from '../store/within-scope.ts';
import {
  type CombinedRisk,
  combineParts,
  combineReasons,
  type RiskContext,
  type RiskPart,
  type RiskReason,
} from './combine-risk.ts';

/** Points of a finding, by severity and confidence. Source: the weights of weaknesses in the analyser's base pack, doubled: it happened. */
const POINTS: Readonly<Record<Severity, number>> = { critical: 30, high: 22, medium: 12, low: 4 };
const CERTAINTY: Readonly<Record<Confidence, number>> = { high: 0.9, medium: 0.7, low: 0.4 };
/** What happened and is critical cannot be outweighed. */
const CRITICAL_FLOOR = 60;
/** Findings that say again what the analysis of the source says. */
const OF_SOURCE = new Set(['hardcoded-credential']);
const MANY_ENDPOINTS = 10;
/** Days that a machine's or department's risk looks back. */
const WINDOW_DAYS = 30;
/** Families that one query asks for. */
const PORTION = 200;

const REMEDIES: Partial<Record<RiskDimension, string>> = {
  secrets: 'Take the credentials out of the source and revoke them',
  'data-flow': 'Keep the data where the company governs it',
  packages: 'Update or replace the packages',
  weaknesses: 'Mend the insecure patterns of the code',
};

/** A finding as risk sees it. */
interface RiskFinding {
  readonly id: string;
  readonly rule_id: string;
  readonly title: string;
  readonly severity: number;
  readonly confidence: string;
}

/** Risk of script families, by id. */
export async function risksOfFamilies(
  store: ControlStore,
  families: readonly FamilyTable[],
  standingOf?: StandingOf,
): Promise<Map<string, CombinedRisk>> {
  if (families.length === 0) return new Map();
  const standing = standingOf ?? (await readStandings(store));
  const risks = new Map<string, CombinedRisk>();
  for (let start = 0; start < families.length; start += PORTION)
    for (const [id, risk] of await risksOfPortion(store, families.slice(start, start + PORTION), standing))
      risks.set(id, risk);
  return risks;
}

async function risksOfPortion(
  store: ControlStore,
  families: readonly FamilyTable[],
  standing: StandingOf,
): Promise<Map<string, CombinedRisk>> {
  const ids = families.map(({ id }) => id);
  const [findings, copies] = await Promise.all([
    store
      .selectFrom('finding')
      .select(['id', 'family_id', 'rule_id', 'title', 'severity', 'confidence'])
      .where('family_id', 'in', ids)
      .where('state', 'in', ['open', 'regressed'])
      .execute(),
    store
      .selectFrom('family_copy')
      .select(['family_id', 'sha256', 'endpoint_id'])
      .where('family_id', 'in', ids)
      .orderBy('last_seen_at')
      .execute(),
  ]);
  const latest = new Map(copies.map(({ family_id, sha256 }) => [family_id, sha256]));
  const endpoints = Map.groupBy(copies, ({ family_id: id }) => id);
  const facts = await findScriptFacts(
    store,
    [...latest.values()].filter((sha256) => sha256 !== null),
  );
  const byFamily = Map.groupBy(findings, ({ family_id: id }) => id);
  return new Map(
    families.map((family) => {
      const known = facts.get(latest.get(family.id) ?? '');
      const count = new Set(endpoints.get(family.id)?.map(({ endpoint_id: id }) => id)).size;
      const reasons = [...reasonsOfSource(known), ...reasonsOfFindings(byFamily.get(family.id) ?? [], known)];
      return [family.id, combineReasons(reasons, contextOf(family, standing, count))];
    }),
  );
}

/** Risk of one run: of its script's source, and of what this run did. */
export async function riskOfRun(
  store: ControlStore,
  runId: string,
  scope: Scope,
): Promise<{ readonly name: string; readonly risk: CombinedRisk } | undefined> {
  const run = await store
    .selectFrom('judged_run')
    .innerJoin('family', 'family.id', 'judged_run.family_id')
    .select(['judged_run.sha256', 'family.name'])
    .where('judged_run.run_id', '=', runId)
    .where(withinScope(scope, 'judged_run'))
    .executeTakeFirst();
  if (run === undefined) return undefined;
  const [facts, findings] = await Promise.all([
    findScriptFacts(store, run.sha256 === null ? [] : [run.sha256]),
    store
      .selectFrom('finding_run')
      .innerJoin('finding', 'finding.fingerprint', 'finding_run.fingerprint')
      .select(['finding.id', 'finding.rule_id', 'finding_run.title', 'finding_run.severity', 'finding.confidence'])
      .where('finding_run.run_id', '=', runId)
      .execute(),
  ]);
  const known = facts.get(run.sha256 ?? '');
  return {
    name: run.name,
    risk: combineReasons([...reasonsOfSource(known), ...reasonsOfFindings(findings, known)], []),
  };
}

/** Families that ran lately, with where and for whom. */
export async function recentFamilies(
  store: ControlStore,
  nowMs: number,
): Promise<{
  readonly families: readonly FamilyTable[];
  readonly ran: readonly { family_id: string; endpoint_id: string; host_name: string; department_id: string | null }[];
}> {
  const sinceMs = nowMs - WINDOW_DAYS * DAY_MS;
  const [families, ran] = await Promise.all([
    store.selectFrom('family').selectAll().where('last_seen_at', '>=', sinceMs).orderBy('id').execute(),
    store
      .selectFrom('judged_run')
      .select(['family_id', 'endpoint_id', 'host_name', 'department_id'])
      .distinct()
      .where('started_at', '>=', sinceMs)
      .execute(),
  ]);
  return { families, ran };
}

/** Risk of a whole that families ran in. */
export function riskOfWhole(families: readonly FamilyTable[], risks: ReadonlyMap<string, CombinedRisk>): CombinedRisk {
  return combineParts(
    families.map(({ id, name }): RiskPart => ({ reason: name, familyId: id, score: risks.get(id)?.score ?? 0 })),
  );
}

function reasonsOfSource(facts: ScriptFacts | undefined): RiskReason[] {
  if (facts === undefined) return [];
  const { shares, score } = facts.risk;
  return shares.flatMap(({ points, dimension, ...share }): RiskReason[] => {
    if (dimension === 'context') return [];
    const remedy = REMEDIES[dimension];
    if (dimension !== 'floor')
      return [{ ...share, dimension, weight: points, ...(remedy === undefined ? {} : { remedy }) }];
    // The floor is held by a secret, a package or a flow: it goes when that goes.
    const holder = shares.find((one) => one.dimension !== 'floor' && one.ruleId === share.ruleId);
    const held = holder?.dimension ?? 'behaviour';
    const words = REMEDIES[held];
    return [
      {
        ...share,
        reason: share.reason.replace(/^never below \d+: /, ''),
        dimension: held,
        weight: 0,
        floor: score,
        ...(words === undefined ? {} : { remedy: words }),
      },
    ];
  });
}

function reasonsOfFindings(findings: readonly RiskFinding[], facts: ScriptFacts | undefined): RiskReason[] {
  return findings
    .filter(({ rule_id }) => facts === undefined || !OF_SOURCE.has(rule_id))
    .map(({ id, rule_id, title, severity, confidence }) => ({
      dimension: 'behaviour' as const,
      ruleId: rule_id,
      reason: title,
      findingId: id,
      weight: POINTS[severityOf(severity)] * CERTAINTY[confidence as Confidence],
      ...(severityOf(severity) === 'critical' ? { floor: CRITICAL_FLOOR } : {}),
      remedy: `Settle: ${title}`,
    }));
}

function contextOf(family: FamilyTable, standingOf: StandingOf, endpoints: number): RiskContext[] {
  const standing = standingOf(family);
  const context: RiskContext[] = [];
  const owner = family.owner ?? standing.owner;
  if (owner === null || owner === undefined)
    context.push({ step: 0.1, reason: 'nobody is known to own it', remedy: 'Name an owner' });
  if (endpoints >= MANY_ENDPOINTS) context.push({ step: 0.1, reason: `is on ${endpoints} computers` });
  if ((family.sanction ?? standing.sanction) === 'sanctioned') context.push({ step: -0.3, reason: 'was reviewed' });
  return context;
}
