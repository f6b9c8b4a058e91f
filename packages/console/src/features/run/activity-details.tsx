import type { Activity } from '@sentinel/protocol';
import { attributeText, targetOf, titleOf } from '../../ui/activity-words.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-count.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { Time } from '../../ui/time.tsx';

/** All that is known of the activity selected in the timeline. */
export function ActivityDetails({
  activity,
  startedAt,
}: {
  readonly activity: Activity | undefined;
  readonly startedAt: string;
}) {
  return (
    <section className="details" aria-live="polite" aria-label="Selected activity">
      {activity === undefined ? (
        <p className="muted">Select a bar to see what it was. In the timeline, arrow keys go from one to the next.</p>
      ) : (
        <>
          <h3>
            {titleOf(activity)}: <span className="break">{targetOf(activity)}</span>
          </h3>
          <dl className="facts">
            <Fact name="First seen" value={<Seen iso={activity.firstSeen} startedAt={startedAt} />} />
            <Fact name="Last seen" value={<Seen iso={activity.lastSeen} startedAt={startedAt} />} />
            <Fact name="Times" value={formatCount(activity.count)} />
            {activity.bytesOut > 0 ? <Fact name="Bytes out" value={formatBytes(activity.bytesOut)} /> : null}
            {activity.bytesIn > 0 ? <Fact name="Bytes in" value={formatBytes(activity.bytesIn)} /> : null}
            {activity.rows > 0 ? <Fact name="Rows" value={formatCount(activity.rows)} /> : null}
            {activity.errors > 0 ? <Fact name="Errors" value={formatCount(activity.errors)} /> : null}
            {Object.keys(activity.attributes).map((name) => (
              <Fact key={name} name={name} value={<code>{attributeText(activity, name)}</code>} />
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

function Seen({ iso, startedAt }: { readonly iso: string; readonly startedAt: string }) {
  return (
    <>
      <Time iso={iso} />{' '}
      <span className="muted">(+{formatDuration(Math.max(0, Date.parse(iso) - Date.parse(startedAt)))})</span>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
