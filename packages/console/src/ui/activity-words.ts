import { type Activity, type ActivityType, activityTypes } from '@sentinel/protocol';
import type { LaneId } from './lanes.ts';

const TYPES: Readonly<Record<string, ActivityType | undefined>> = activityTypes;

/** Lane of an activity; `other` for a type that this console does not know. */
export function laneOf(activity: Pick<Activity, 'type'>): LaneId {
  return TYPES[activity.type]?.lane ?? 'other';
}

/** Title of an activity's type. */
export function titleOf(activity: Pick<Activity, 'type'>): string {
  return TYPES[activity.type]?.title ?? activity.type;
}

/** What an activity touched. */
export function targetOf(activity: Pick<Activity, 'type' | 'attributes'>): string {
  for (const name of TYPES[activity.type]?.target ?? []) {
    const value = attributeText(activity, name);
    if (value !== '') return value;
  }
  return '(no name)';
}

/** An attribute as text; empty where it is missing. */
export function attributeText(activity: Pick<Activity, 'attributes'>, name: string): string {
  const value = activity.attributes[name];
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
