import { type ActivityType, activityTypes, type ObservedActivity } from '@sentinel/protocol';
import { attributeText } from './attribute-text.ts';
import type { Section } from './section.ts';

/** Types that a section of their own shows. */
const SHOWN = new Set(
  (
    'module.import file.open file.change net.connect http.request net.listen db.connect db.query ' +
    'process.spawn com.call desktop.use probe.error'
  ).split(' '),
);
const TYPES: Readonly<Record<string, ActivityType | undefined>> = activityTypes;

/** Everything that has no section of its own: title, target, and how often; also of types that this version does not know. */
export function otherRows(activities: readonly ObservedActivity[]): Section | undefined {
  const others = activities.filter((activity) => !SHOWN.has(activity.type) && !isFile(activity));
  if (others.length === 0) return undefined;
  const rows = others.map((activity) => [
    targetOf(activity),
    TYPES[activity.type]?.title ?? activity.type,
    activity.count > 1 ? `x${activity.count}` : '',
  ]);
  return { title: 'Also', summary: '', rows };
}

/** A document with a path stands in the section of files. */
function isFile(activity: ObservedActivity): boolean {
  return activity.type === 'document.use' && attributeText(activity, 'file.path') !== '';
}

function targetOf(activity: ObservedActivity): string {
  const type = TYPES[activity.type];
  const target = type?.target.map((name) => attributeText(activity, name)).find((text) => text !== '');
  const detail = type?.required
    .map((name) => attributeText(activity, name))
    .find((text) => text !== '' && text !== target);
  return [target ?? '(no name)', detail].filter((part) => part !== undefined).join(' ');
}
