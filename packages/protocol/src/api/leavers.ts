import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { DirectoryPerson, LeaverCertificate, LeaverDecision, LeaverMeasure, LeaverReport } from '../person.ts';

const PersonId = z.object({ personId: z.uuid() });

export const listLeavers = defineOperation({
  id: 'listLeavers',
  method: 'GET',
  path: '/leavers',
  permission: 'leaver.manage',
  summary: 'Everybody who left, last first, with what is still open.',
  response: z.object({
    items: z.array(
      z.object({
        person: DirectoryPerson,
        scripts: z.int().nonnegative().meta({ description: 'Scripts that they ran in the 90 days before they left.' }),
        undecided: z.int().nonnegative(),
        certificateAt: z.iso.datetime({ precision: 3 }).optional(),
      }),
    ),
    total: z.int().nonnegative(),
  }),
});

export const getLeaver = defineOperation({
  id: 'getLeaver',
  method: 'GET',
  path: '/leavers/:personId',
  permission: 'leaver.manage',
  summary: 'All that hangs on one person, whether they left or not. Looking is kept in the audit log.',
  params: PersonId,
  response: LeaverReport,
});

export const decideLeaverScript = defineOperation({
  id: 'decideLeaverScript',
  method: 'POST',
  path: '/leavers/:personId/decisions',
  permission: 'leaver.manage',
  summary: 'Hand a script over, freeze it or retire it. Nothing is deleted.',
  params: PersonId,
  body: z
    .object({
      scriptId: z.string().regex(/^[0-9a-f]{32}$/),
      measure: LeaverMeasure,
      custodian: z.string().min(1).max(255).optional(),
      note: z.string().max(1000).optional(),
    })
    .refine(({ measure, custodian }) => measure !== 'hand-over' || custodian !== undefined, {
      message: 'handing over needs a custodian',
      path: ['custodian'],
    }),
  response: LeaverDecision,
});

export const markRotated = defineOperation({
  id: 'markRotated',
  method: 'POST',
  path: '/leavers/:personId/rotations',
  permission: 'leaver.manage',
  summary: 'Say that a credential the person knew was changed.',
  params: PersonId,
  body: z.object({ subject: z.string().min(1).max(500) }),
  response: z.object({ rotatedAt: z.iso.datetime({ precision: 3 }) }),
});

export const issueLeaverCertificate = defineOperation({
  id: 'issueLeaverCertificate',
  method: 'POST',
  path: '/leavers/:personId/certificate',
  permission: 'leaver.manage',
  summary: 'Certify that every script of the person has been decided on.',
  params: PersonId,
  response: LeaverCertificate,
});

export const getLeaverCertificate = defineOperation({
  id: 'getLeaverCertificate',
  method: 'GET',
  path: '/leavers/:personId/certificate',
  permission: 'leaver.manage',
  summary: 'The newest certificate, as facts and as a page to print.',
  params: PersonId,
  response: z.object({ certificate: LeaverCertificate, pdf: z.base64() }),
});
