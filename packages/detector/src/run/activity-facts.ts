import type { AttributeName, Evidence, ObservedActivity, Run } from '@sentinel/protocol';

/** Text of an attribute; empty where the activity has none. */
export function textOf(activity: ObservedActivity, name: AttributeName): string {
  const value = activity.attributes[name];
  return typeof value === 'string' ? value : value === undefined ? '' : String(value);
}

/** Number of an attribute; 0 where the activity has none. */
export function numberOf(activity: ObservedActivity, name: AttributeName): number {
  const value = activity.attributes[name];
  return typeof value === 'number' ? value : 0;
}

/** Elements of an attribute that is a list; empty where the activity has none. */
export function listOf(activity: ObservedActivity, name: AttributeName): readonly string[] {
  const value = activity.attributes[name];
  return Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : [];
}

/** Line of the script itself that did it; undefined where another file did. */
export function lineOf(activity: ObservedActivity): number | undefined {
  const line = activity.attributes['code.line.number'];
  return activity.attributes['code.file.path'] === undefined && typeof line === 'number' ? line : undefined;
}

/** Evidence for one activity, with its line of code where that is known. */
export function evidenceOf(run: Run, activity: ObservedActivity, note: string): Evidence {
  const line = lineOf(activity);
  return { runId: run.id, activityId: activity.id, ...(line === undefined ? {} : { line }), note };
}

/** Sum of a counter. */
export function sumOf(
  activities: readonly ObservedActivity[],
  counter: 'count' | 'rows' | 'bytesIn' | 'bytesOut' | 'errors',
): number {
  let sum = 0;
  for (const activity of activities) sum += activity[counter];
  return sum;
}

/** Activities by a key, in the order of first sight. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
