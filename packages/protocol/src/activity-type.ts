import type { AttributeName } from './attributes.ts';

/** What an activity type is; one file in `activity/` each. */
export interface ActivityType {
  /** `noun.verb`. */
  readonly type: string;
  /** Short title for people. */
  readonly title: string;
  readonly description: string;
  /** OCSF 1.8 class and activity that an exporter maps to. Source: https://schema.ocsf.io */
  readonly ocsf: { readonly classUid: number; readonly activityId: number };
  /** The attribute that names what was touched; the first one present is the target. */
  readonly target: readonly AttributeName[];
  /** Attributes that every activity of the type has. */
  readonly required: readonly AttributeName[];
  /** Attributes that it may have, besides those of its origin (`code.*`, `sentinel.source.*`), which every type may have. */
  readonly optional: readonly AttributeName[];
  /** Lane of the run's timeline. */
  readonly lane: 'modules' | 'files' | 'network' | 'databases' | 'processes' | 'ai' | 'desktop' | 'probe';
}

/** Keeps the literal type of a definition while checking it. */
export function defineActivityType<const T extends ActivityType>(definition: T): T {
  return definition;
}
