import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WorkCalendar } from '@sentinel/protocol';
import { isScheduled, localTime, whyOutside } from './work-hours.ts';

const berlin = WorkCalendar.parse({ timeZone: 'Europe/Berlin', holidays: ['2026-12-25'] });
const why = (time: string, calendar = berlin) => whyOutside(localTime(time, calendar.timeZone), calendar);

it('judges a time in the zone of the endpoint, summer and winter', () => {
  assert.deepEqual(
    [
      '2026-07-01T04:59:00Z',
      '2026-07-01T05:00:00Z',
      '2026-12-01T05:59:00Z',
      '2026-12-01T06:00:00Z',
      '2026-12-01T18:00:00Z',
    ].map((time) => why(time)),
    ['hour', undefined, 'hour', undefined, 'hour'],
  );
});

it('knows holidays and days off of that zone', () => {
  assert.equal(why('2026-12-25T10:00:00Z'), 'holiday');
  assert.equal(why('2026-12-24T23:30:00Z'), 'holiday');
  assert.equal(why('2026-11-21T10:00:00Z'), 'day off');
});

it('lets a night shift reach into the next morning', () => {
  const night = WorkCalendar.parse({ timeZone: 'UTC', days: ['fri'], from: '22:00', to: '06:00' });

  assert.equal(why('2026-11-20T23:00:00Z', night), undefined);
  assert.equal(why('2026-11-21T05:00:00Z', night), undefined);
  assert.equal(why('2026-11-21T07:00:00Z', night), 'day off');
});

it('excuses a run inside an approved schedule until its last day', () => {
  const schedule = { from: '23:00', to: '03:00', approvedBy: 'IT', until: '2026-12-01' };

  assert.equal(isScheduled(localTime('2026-11-20T02:00:00Z', 'UTC'), schedule), true);
  assert.equal(isScheduled(localTime('2026-11-20T04:00:00Z', 'UTC'), schedule), false);
  assert.equal(isScheduled(localTime('2026-12-02T02:00:00Z', 'UTC'), schedule), false);
});
