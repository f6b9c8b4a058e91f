import type { Department } from '@sentinel/protocol';
import { Button } from '../../ui/button.tsx';

type Schedule = Department['schedules'][number];

/** Hours in which scripts may run although nobody works then. */
export function ScheduleFields({
  schedules,
  onChange,
}: {
  readonly schedules: readonly Schedule[];
  readonly onChange: (schedules: Schedule[]) => void;
}) {
  const change = (at: number, patch: Partial<Schedule>) =>
    onChange(schedules.map((one, place) => (place === at ? { ...one, ...patch } : one)));
  return (
    <fieldset className="stack schedule-list">
      <legend className="field__label">Approved hours outside of them</legend>
      {schedules.map((schedule, at) => (
        // Rows have no name of their own, and are only ever changed in place or taken out as a whole.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="columns" key={at}>
          <label className="field">
            <span className="field__label">From</span>
            <input
              className="input"
              type="time"
              required
              value={schedule.from}
              onChange={(event) => change(at, { from: event.target.value })}
            />
          </label>
          <label className="field">
            <span className="field__label">To</span>
            <input
              className="input"
              type="time"
              required
              value={schedule.to}
              onChange={(event) => change(at, { to: event.target.value })}
            />
          </label>
          <label className="field">
            <span className="field__label">Approved by</span>
            <input
              className="input"
              required
              maxLength={200}
              value={schedule.approvedBy}
              onChange={(event) => change(at, { approvedBy: event.target.value })}
            />
          </label>
          <label className="field">
            <span className="field__label">Until</span>
            <input
              className="input"
              type="date"
              value={schedule.until ?? ''}
              onChange={({ target }) => {
                const { until: _until, ...rest } = schedule;
                const next = target.value === '' ? rest : { ...rest, until: target.value };
                onChange(schedules.map((one, place) => (place === at ? next : one)));
              }}
            />
          </label>
          <Button look="quiet" onClick={() => onChange(schedules.filter((_, place) => place !== at))}>
            Remove<span className="visually-hidden"> the hours from {schedule.from}</span>
          </Button>
        </div>
      ))}
      <div>
        <Button onClick={() => onChange([...schedules, { from: '01:00', to: '05:00', approvedBy: '' }])}>
          Add hours
        </Button>
      </div>
    </fieldset>
  );
}
