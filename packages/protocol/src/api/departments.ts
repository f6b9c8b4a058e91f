import { z } from 'zod';
import { CompanyDocument, CompanySettings, Department, Responsibility } from '../company.ts';
import { Severity } from '../finding.ts';
import { defineOperation } from '../operation.ts';

const SOURCE = z.string().meta({ description: 'Document that it came in; console: written there.' });

export const getCompany = defineOperation({
  id: 'getCompany',
  method: 'GET',
  path: '/company',
  permission: 'read',
  summary: 'Departments, who answers for which scripts, and settings that hold for the whole company.',
  response: z.object({
    departments: z.array(Department.extend({ source: SOURCE })),
    responsibilities: z.array(Responsibility.extend({ id: z.uuid(), source: SOURCE })),
    settings: CompanySettings,
  }),
});

export const importCompany = defineOperation({
  id: 'importCompany',
  method: 'PUT',
  path: '/company',
  permission: 'data.manage',
  summary: 'Take a document; what an earlier one of the same name said is replaced. Configuration as code.',
  maxBodyBytes: 8 * 1024 * 1024,
  body: CompanyDocument,
  response: z.object({
    departments: z.int().nonnegative(),
    responsibilities: z.int().nonnegative(),
    places: z.int().nonnegative(),
    packageVerdicts: z.int().nonnegative(),
  }),
});

export const putCompanySettings = defineOperation({
  id: 'putCompanySettings',
  method: 'PUT',
  path: '/company/settings',
  permission: 'data.manage',
  summary: 'Settings that hold for the whole company, as a whole.',
  body: CompanySettings,
  response: CompanySettings,
});

export const putDepartment = defineOperation({
  id: 'putDepartment',
  method: 'PUT',
  path: '/departments/:departmentId',
  permission: 'data.manage',
  summary: 'A department with its working hours, new or changed.',
  params: z.object({ departmentId: Department.shape.id }),
  body: Department.omit({ id: true }),
  response: Department,
});

export const deleteDepartment = defineOperation({
  id: 'deleteDepartment',
  method: 'DELETE',
  path: '/departments/:departmentId',
  permission: 'data.manage',
  summary: 'Take a department away; what it answered for has none then.',
  params: z.object({ departmentId: Department.shape.id }),
  response: z.object({ isDeleted: z.literal(true) }),
});

export const addResponsibility = defineOperation({
  id: 'addResponsibility',
  method: 'POST',
  path: '/responsibilities',
  permission: 'data.manage',
  summary: 'Say who answers for scripts at a place, of an account or on a computer.',
  body: Responsibility,
  response: z.object({ id: z.uuid() }),
});

export const deleteResponsibility = defineOperation({
  id: 'deleteResponsibility',
  method: 'DELETE',
  path: '/responsibilities/:responsibilityId',
  permission: 'data.manage',
  summary: 'Take a rule of responsibility away.',
  params: z.object({ responsibilityId: z.uuid() }),
  response: z.object({ isDeleted: z.literal(true) }),
});

export const replayRuns = defineOperation({
  id: 'replayRuns',
  method: 'POST',
  path: '/runs/replay',
  permission: 'data.manage',
  summary: 'Judge stored runs again from a point on: with the labels, hours and lists of now.',
  body: z.object({ since: z.iso.datetime() }),
  response: z.object({ runs: z.int().nonnegative().meta({ description: 'Runs that wait to be judged.' }) }),
});

/** What rules would find in stored runs. */
export const RuleTrial = z.object({
  runs: z.int().nonnegative(),
  activities: z.int().nonnegative(),
  failures: z.int().nonnegative().meta({ description: 'Rules that broke on a run.' }),
  isComplete: z.boolean().meta({ description: 'Whether all of the time that was asked for was judged.' }),
  until: z.iso.datetime({ precision: 3 }).meta({ description: 'Until when runs were judged.' }),
  seconds: z.number().nonnegative(),
  gone: z.int().nonnegative().meta({ description: 'Findings of these runs that are stored and would be no more.' }),
  rules: z
    .array(
      z.object({
        ruleId: z.string(),
        severity: Severity,
        runs: z.int().nonnegative().meta({ description: 'Runs in which it finds something.' }),
        fresh: z.int().nonnegative().meta({ description: 'What it finds that is not stored.' }),
      }),
    )
    .meta({ description: 'Those that find something, most runs first.' }),
});
export type RuleTrial = z.infer<typeof RuleTrial>;

export const tryRules = defineOperation({
  id: 'tryRules',
  method: 'POST',
  path: '/runs/replay/trial',
  permission: 'data.manage',
  summary: 'Say what the labels, hours, lists and rules of now would find in stored runs; nothing changes.',
  body: z.object({ since: z.iso.datetime(), until: z.iso.datetime().optional() }),
  response: RuleTrial,
});
