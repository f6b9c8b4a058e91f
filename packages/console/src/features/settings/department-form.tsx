import type { Department, WorkCalendar } from '@sentinel/protocol';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ScheduleFields } from './schedule-fields.tsx';

interface Props {
  /** Absent for a new one. */
  readonly department?: Department;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

type Day = WorkCalendar['days'][number];
const DAYS: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Makes a department, or changes its hours, days off and approved hours. */
export function DepartmentForm({ department, onClose, onDone }: Props) {
  const [id, setId] = useState(department?.id ?? '');
  const [name, setName] = useState(department?.name ?? '');
  const [custodian, setCustodian] = useState(department?.custodian ?? '');
  const [hasHours, setHasHours] = useState(department === undefined || department.calendar !== undefined);
  const [days, setDays] = useState<readonly Day[]>(department?.calendar?.days ?? DAYS.slice(0, 5));
  const [from, setFrom] = useState(department?.calendar?.from ?? '07:00');
  const [to, setTo] = useState(department?.calendar?.to ?? '19:00');
  const [timeZone, setTimeZone] = useState(
    department?.calendar?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  const [holidays, setHolidays] = useState(department?.calendar?.holidays.join('\n') ?? '');
  const [schedules, setSchedules] = useState<Department['schedules']>(department?.schedules ?? []);
  const zonesId = useId();
  const save = useMutation({
    mutationFn: async () => {
      const body = {
        name: name.trim(),
        ...(custodian.trim() === '' ? {} : { custodian: custodian.trim() }),
        ...(hasHours
          ? { calendar: { days: [...days], from, to, timeZone: timeZone.trim(), holidays: wordsOf(holidays) } }
          : {}),
        schedules,
      };
      return client.putDepartment({ params: { departmentId: id }, body });
    },
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <Dialog
      title={department === undefined ? 'Add a department' : `Change ${department.name}`}
      isOpen
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <label className="field">
          <span className="field__label">Name</span>
          <input
            className="input"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {department === undefined ? (
          <label className="field">
            <span className="field__label">Short name</span>
            <input
              className="input"
              required
              pattern="[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?"
              autoCapitalize="none"
              spellCheck={false}
              value={id}
              onChange={(event) => setId(event.target.value)}
            />
            <span className="field__hint">Small letters, digits and hyphens, such as finance.</span>
          </label>
        ) : null}
        <label className="field">
          <span className="field__label">Who answers for scripts whose owner has left</span>
          <input
            className="input"
            maxLength={200}
            value={custodian}
            onChange={(event) => setCustodian(event.target.value)}
          />
        </label>
        <label className="check-grid">
          <span>
            <input type="checkbox" checked={hasHours} onChange={(event) => setHasHours(event.target.checked)} /> Runs
            outside its working hours are findings
          </span>
        </label>
        {hasHours ? (
          <>
            <fieldset className="check-grid">
              <legend className="field__label">Working days</legend>
              {DAYS.map((day) => (
                <label key={day}>
                  <input
                    type="checkbox"
                    checked={days.includes(day)}
                    onChange={(event) =>
                      setDays(DAYS.filter((one) => (one === day ? event.target.checked : days.includes(one))))
                    }
                  />
                  {day}
                </label>
              ))}
            </fieldset>
            <div className="columns">
              <label className="field">
                <span className="field__label">From</span>
                <input
                  className="input"
                  type="time"
                  required
                  value={from}
                  onChange={(event) => setFrom(event.target.value)}
                />
              </label>
              <label className="field">
                <span className="field__label">To</span>
                <input
                  className="input"
                  type="time"
                  required
                  value={to}
                  onChange={(event) => setTo(event.target.value)}
                />
              </label>
            </div>
            <label className="field">
              <span className="field__label">Time zone of its computers</span>
              <input
                className="input"
                required
                list={zonesId}
                value={timeZone}
                onChange={(event) => setTimeZone(event.target.value)}
              />
            </label>
            <datalist id={zonesId}>
              {Intl.supportedValuesOf('timeZone').map((zone) => (
                <option key={zone} value={zone}>
                  {zone}
                </option>
              ))}
            </datalist>
            <label className="field">
              <span className="field__label">Days off, one date a line</span>
              <textarea
                className="input"
                rows={3}
                placeholder="2026-12-25"
                value={holidays}
                onChange={(event) => setHolidays(event.target.value)}
              />
            </label>
          </>
        ) : null}
        <ScheduleFields schedules={schedules} onChange={setSchedules} />
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending || (hasHours && days.length === 0)}>
            {save.isPending ? 'Saving …' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}
