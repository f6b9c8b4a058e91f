import type {
  Analysis,
  Flow,
  PackUse,
  RuleOverlay,
  Severity,
  SourcePlace,
  SuppressedFinding,
} from '@sentinel/protocol';
import { normaliseName } from '../advisories/distribution-name.ts';
import { basePack } from './base-pack.ts';
import { fitsGlob } from './path-glob.ts';

/** What of a source an entry of a pack can ask for, besides its bytes. */
export interface PackSubject {
  readonly path: string;
  readonly owner?: string;
}

/** Overlays as plain data, with the day that decides which entries count: what a worker is given. */
export interface PackSetup {
  readonly overlays: readonly RuleOverlay[];
  /** Day as YYYY-MM-DD. */
  readonly today: string;
}

interface Answerable {
  readonly reason: string;
  readonly author: string;
  readonly until: string;
}

/**
 * The rules that ship, changed by company overlays in their order. Pure: the same analysis and day give the same answer.
 */
export class RulePacks {
  readonly setup: PackSetup;
  readonly uses: readonly PackUse[];
  readonly #live: readonly RuleOverlay[];

  constructor(setup: PackSetup) {
    this.setup = setup;
    const { name, version } = basePack();
    const live = setup.overlays.map((overlay) => withoutExpired(overlay, setup.today));
    this.#live = live.map(({ overlay }) => overlay);
    this.uses = [
      { name, version },
      ...live.map(({ overlay, expired }) => ({
        name: overlay.name,
        version: overlay.version,
        ...(expired.length === 0 ? {} : { expired }),
      })),
    ];
  }

  /** Calls that the company wants told. */
  get calls(): RuleOverlay['addCalls'] {
    return this.#live.flatMap(({ addCalls }) => addCalls);
  }

  /** Credentials of the company's own systems. */
  get secretFormats(): RuleOverlay['addSecretFormats'] {
    return this.#live.flatMap(({ addSecretFormats }) => addSecretFormats);
  }

  /** Distributions that are no unknown names, normalised. */
  get allowedDistributions(): ReadonlySet<string> {
    return new Set(this.#names('allowed-distributions').map(normaliseName));
  }

  /** Points of a rule instead of those that ship; the last overlay that names it wins. */
  pointsOf(ruleId: string): number | undefined {
    return this.#live
      .flatMap(({ reweigh }) => reweigh)
      .findLast(({ rule, points }) => points !== undefined && fitsRule(rule, ruleId))?.points;
  }

  /** The analysis as the company wants it: reweighed, approved, and with what it took out listed apart. */
  apply(analysis: Analysis, subject: PackSubject): Analysis {
    const suppressed: SuppressedFinding[] = [];
    const keep = (kind: SuppressedFinding['kind'], ids: readonly string[], title: string, place?: SourcePlace) => {
      const suppressedBy = this.#suppressorOf(ids, analysis.sha256, subject);
      if (suppressedBy === undefined) return true;
      suppressed.push({ kind, ruleId: ids[0] ?? '', title, ...(place === undefined ? {} : { place }), suppressedBy });
      return false;
    };
    const hosts = this.#names('approved-hosts').map((host) => host.toLowerCase());
    const changed: Analysis = {
      ...analysis,
      secrets: analysis.secrets.filter(({ ruleId, title, place }) => keep('secret', [ruleId], title, place)),
      weaknesses: analysis.weaknesses
        .filter(({ ruleId, title, place }) => keep('weakness', [ruleId], title, place))
        .map((weakness) => ({ ...weakness, severity: this.#severityOf(weakness.ruleId) ?? weakness.severity })),
      flows: analysis.flows
        .filter((flow) => keep('flow', flowIds(flow), `${flow.source.kind} to ${flow.sink.kind}`, flow.sink.place))
        .map((flow) => (isApproved(flow, hosts) ? { ...flow, reach: 'approved-cloud' as const } : flow)),
      capabilities: analysis.capabilities.filter(({ id, evidence }) => keep('capability', [id], id, evidence[0])),
      verdicts: analysis.verdicts.filter(({ kind, advisories, distribution }) =>
        keep('package', [`package-${kind}`, ...advisories], `${distribution}: ${kind}`),
      ),
      packs: [...this.uses],
    };
    return suppressed.length === 0 ? changed : { ...changed, suppressed };
  }

  #names(list: RuleOverlay['addNames'][number]['list']): string[] {
    return this.#live.flatMap(({ addNames }) =>
      addNames.filter((added) => added.list === list).flatMap(({ names }) => names),
    );
  }

  #severityOf(ruleId: string): Severity | undefined {
    return this.#live
      .flatMap(({ reweigh }) => reweigh)
      .findLast(({ rule, severity }) => severity !== undefined && fitsRule(rule, ruleId))?.severity;
  }

  #suppressorOf(
    ids: readonly string[],
    sha256: string,
    { path, owner }: PackSubject,
  ): SuppressedFinding['suppressedBy'] | undefined {
    const isMeant = (rule: string): boolean => ids.some((id) => fitsRule(rule, id));
    for (const { name, version, off, allow } of this.#live) {
      const by = (change: 'off' | 'allow', { reason, author, until }: Answerable) => ({
        pack: `${name} ${version}`,
        change,
        reason,
        author,
        until,
      });
      const switched = off.find(({ rule }) => isMeant(rule));
      if (switched !== undefined) return by('off', switched);
      const allowed = allow.find(
        (entry) =>
          entry.rules.some(isMeant) &&
          (entry.sha256 === undefined || entry.sha256 === sha256) &&
          (entry.path === undefined || fitsGlob(entry.path, path)) &&
          (entry.owner === undefined || entry.owner === owner),
      );
      if (allowed !== undefined) return by('allow', allowed);
    }
    return undefined;
  }
}

/** Ids under which a flow can be named: by its reach, and by source and reach as in the risk score. */
function flowIds({ source, reach }: Flow): string[] {
  return [`flow-to-${reach}`, `flow-${source.kind}-to-${reach}`];
}

function isApproved({ reach, sink }: Flow, hosts: readonly string[]): boolean {
  if (hosts.length === 0 || (reach !== 'unknown' && reach !== 'personal-cloud')) return false;
  const host = /^(?:https?:\/\/)?(?:[^/@\s]*@)?([a-z0-9.-]+)/i.exec(sink.detail ?? '')?.[1]?.toLowerCase();
  return host !== undefined && hosts.some((approved) => host === approved || host.endsWith(`.${approved}`));
}

/** Whether a rule id is meant; a trailing `*` stands for any end. */
function fitsRule(rule: string, id: string): boolean {
  return rule.endsWith('*') ? id.startsWith(rule.slice(0, -1)) : rule === id;
}

/** The overlay without entries whose last day is over, and what those were about. */
function withoutExpired(overlay: RuleOverlay, today: string): { overlay: RuleOverlay; expired: string[] } {
  const expired: string[] = [];
  const live = <T extends Answerable>(part: string, entries: readonly T[], about: (entry: T) => string): T[] =>
    entries.filter((entry) => {
      if (entry.until >= today) return true;
      expired.push(`${part} ${about(entry)}: ended on ${entry.until}`);
      return false;
    });
  return {
    overlay: {
      ...overlay,
      addCalls: live('added call', overlay.addCalls, ({ id }) => id),
      addSecretFormats: live('added secret format', overlay.addSecretFormats, ({ id }) => id),
      addNames: live('added names', overlay.addNames, ({ list }) => list),
      off: live('off', overlay.off, ({ rule }) => rule),
      reweigh: live('reweigh', overlay.reweigh, ({ rule }) => rule),
      allow: live('allow', overlay.allow, ({ rules }) => rules.join(', ')),
    },
    expired,
  };
}
