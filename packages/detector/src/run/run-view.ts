import type { Evidence, ObservedActivity, Run } from '@sentinel/protocol';
import type { JudgeContext } from '../context/judge-context.ts';
import { type HostReach, hostReach } from '../context/known-hosts.ts';
import { evidenceOf, groupBy } from './activity-facts.ts';
import { type DataCopy, findCopies } from './data-copies.ts';
import { type DataSink, findSinks } from './data-sinks.ts';
import { type DataSource, findSources } from './data-sources.ts';

const NONE: readonly ObservedActivity[] = [];

/**
 * A run as rules read it. What several rules need is worked out once, and only when the first of them asks.
 */
export class RunView {
  readonly run: Run;
  readonly activities: readonly ObservedActivity[];
  readonly context: JudgeContext;
  readonly #byType: Map<string, ObservedActivity[]>;
  readonly #reach = new Map<string, HostReach>();
  #sources: readonly DataSource[] | undefined;
  #sinks: readonly DataSink[] | undefined;
  #copies: readonly DataCopy[] | undefined;

  constructor(run: Run, activities: readonly ObservedActivity[], context: JudgeContext) {
    this.run = run;
    this.activities = activities;
    this.context = context;
    this.#byType = groupBy(activities, ({ type }) => type);
  }

  /** Activities of a type, in the order of first sight. */
  ofType(type: string): readonly ObservedActivity[] {
    return this.#byType.get(type) ?? NONE;
  }

  /** Where data came from. */
  get sources(): readonly DataSource[] {
    this.#sources ??= findSources(this);
    return this.#sources;
  }

  /** Where data left the computer or the company. */
  get sinks(): readonly DataSink[] {
    this.#sinks ??= findSinks(this);
    return this.#sinks;
  }

  /** Files that took on labels because labelled data was read before they were written. */
  get copies(): readonly DataCopy[] {
    this.#copies ??= findCopies(this);
    return this.#copies;
  }

  /** How far a host is. */
  reachOf(host: string): HostReach {
    let reach = this.#reach.get(host);
    if (reach === undefined) {
      reach = hostReach(host, this.context.hosts);
      this.#reach.set(host, reach);
    }
    return reach;
  }

  evidence(activity: ObservedActivity, note: string): Evidence {
    return evidenceOf(this.run, activity, note);
  }

  /** Evidence that is a line of the source. */
  codeLine(line: number, note: string): Evidence {
    return { runId: this.run.id, line, note };
  }
}
