import type { AttributeName, ObservedActivity } from '@sentinel/protocol';

/** Text of an attribute; empty where the activity has none. */
export function attributeText(activity: ObservedActivity, name: AttributeName): string {
  const value = activity.attributes[name];
  if (value === undefined) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Sums a counter. */
export function sumOf(
  activities: readonly ObservedActivity[],
  counter: 'count' | 'bytesIn' | 'bytesOut' | 'rows' | 'errors',
): number {
  return activities.reduce((sum, activity) => sum + activity[counter], 0);
}

/** Groups by a key, in the order of first sight. */
export function groupBy(
  activities: readonly ObservedActivity[],
  key: (activity: ObservedActivity) => string,
): Map<string, ObservedActivity[]> {
  const groups = new Map<string, ObservedActivity[]>();
  for (const activity of activities) {
    const name = key(activity);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [activity]);
    else group.push(activity);
  }
  return groups;
}
