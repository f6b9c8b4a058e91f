import type { ActivityType } from '@sentinel/protocol';

/** A lane of a run's timeline, or `other` for types this console does not know. */
export type LaneId = ActivityType['lane'] | 'other';

/** How a lane is called. */
export interface Lane {
  readonly id: LaneId;
  readonly title: string;
  /** What one thing of it is. */
  readonly noun: string;
  /** What its detail says. */
  readonly detail: string;
}

/** The lanes in the order in which they are shown. */
export const lanes: readonly Lane[] = [
  { id: 'modules', title: 'Libraries', noun: 'Library', detail: 'Version' },
  { id: 'ai', title: 'AI', noun: 'Model', detail: 'Provider' },
  { id: 'files', title: 'Files', noun: 'File', detail: 'Operation' },
  { id: 'network', title: 'Network', noun: 'Host', detail: 'Method or port' },
  { id: 'databases', title: 'Databases', noun: 'Database or table', detail: 'Statement or system' },
  { id: 'processes', title: 'Programs', noun: 'Program', detail: 'Launched by' },
  { id: 'desktop', title: 'Applications', noun: 'Application or device', detail: 'Member or library' },
  { id: 'probe', title: 'Probe', noun: 'Fault', detail: 'Detail' },
  { id: 'other', title: 'Other', noun: 'Target', detail: 'Detail' },
];
