import { SentinelError } from '@sentinel/protocol';
import { tryRules } from '../findings/try-rules.ts';
import type { Services } from '../services.ts';
import {
  addResponsibility,
  CONSOLE_SOURCE,
  importCompany,
  putDepartment,
  putSettings,
  readCompany,
} from '../store/company.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { listRunIdsSince } from '../store/run.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { Handlers } from './handler.ts';

/** What people write in the console stands before what documents say. */
const FIRST_PLACE = -1;

/** How long a trial of rules goes on, and how far back; one that is longer says until when it came. */
const TRIAL_MS = 5 * 60_000;
const OLDEST_TRIAL_MS = 400 * DAY_MS;

type CompanyOperation =
  | 'getCompany'
  | 'importCompany'
  | 'putCompanySettings'
  | 'putDepartment'
  | 'deleteDepartment'
  | 'addResponsibility'
  | 'deleteResponsibility'
  | 'replayRuns'
  | 'tryRules';

/** Departments, who answers for which scripts, and settings that hold for the whole company. */
export function departments({ control, events, audit }: Services): Handlers<CompanyOperation> {
  return {
    async getCompany() {
      const { departments, responsibilities, settings } = await readCompany(control);
      return { departments: [...departments], responsibilities: [...responsibilities], settings };
    },
    async importCompany({ body, person }) {
      await importCompany(control, body, Date.now());
      const counts = {
        departments: body.departments.length,
        responsibilities: body.responsibilities.length,
        places: body.places.length,
        packageVerdicts: body.packageVerdicts.length,
      };
      await audit.record(person, {
        action: 'company.import',
        object: { kind: 'company', id: body.source },
        after: counts,
      });
      return counts;
    },
    async putCompanySettings({ body, person }) {
      const { settings: before } = await readCompany(control);
      await putSettings(control, body, Date.now());
      await audit.record(person, {
        action: 'company.settings',
        object: { kind: 'company', id: 'settings' },
        before,
        after: body,
      });
      return body;
    },
    async putDepartment({ params, body, person }) {
      const before = (await readCompany(control)).departments.find(({ id }) => id === params.departmentId);
      const department = { id: params.departmentId, ...body };
      await putDepartment(control, department, CONSOLE_SOURCE, Date.now());
      await audit.record(person, {
        action: 'department.put',
        object: { kind: 'department', id: department.id },
        before,
        after: department,
      });
      return department;
    },
    async deleteDepartment({ params, person }) {
      const { numDeletedRows } = await control
        .deleteFrom('department')
        .where('id', '=', params.departmentId)
        .executeTakeFirst();
      if (Number(numDeletedRows) === 0) throw new SentinelError('not-found', 'There is no such department.');
      await audit.record(person, {
        action: 'department.delete',
        object: { kind: 'department', id: params.departmentId },
      });
      return { isDeleted: true };
    },
    async addResponsibility({ body, person }) {
      const id = await addResponsibility(control, body, CONSOLE_SOURCE, FIRST_PLACE, Date.now());
      await audit.record(person, { action: 'responsibility.add', object: { kind: 'responsibility', id }, after: body });
      return { id };
    },
    async deleteResponsibility({ params, person }) {
      const { numDeletedRows } = await control
        .deleteFrom('responsibility')
        .where('id', '=', params.responsibilityId)
        .executeTakeFirst();
      if (Number(numDeletedRows) === 0) throw new SentinelError('not-found', 'There is no such rule.');
      await audit.record(person, {
        action: 'responsibility.delete',
        object: { kind: 'responsibility', id: params.responsibilityId },
      });
      return { isDeleted: true };
    },
    async replayRuns({ body, person, signal }) {
      const nowMs = Date.now();
      let runs = 0;
      for await (const ids of listRunIdsSince(events, Date.parse(body.since))) {
        if (signal.aborted) break;
        await enqueueRuns(control, ids, nowMs);
        runs += ids.length;
      }
      await audit.record(person, {
        action: 'finding.replay',
        object: { kind: 'runs', id: body.since },
        after: { runs },
      });
      return { runs };
    },
    async tryRules({ body, person, signal }) {
      const nowMs = Date.now();
      const toMs = body.until === undefined ? nowMs : Date.parse(body.until);
      const fromMs = Math.max(Date.parse(body.since), nowMs - OLDEST_TRIAL_MS);
      const trial = await tryRules({ control, events }, { fromMs, toMs, withinMs: TRIAL_MS }, signal);
      await audit.record(person, {
        action: 'finding.try',
        object: { kind: 'runs', id: body.since },
        after: { runs: trial.runs, until: trial.until },
      });
      return trial;
    },
  };
}
