import { createHash } from 'node:crypto';
import { type DirectoryPerson, type LeaverCertificate, type LeaverDecision, SentinelError } from '@sentinel/protocol';
import { canonicalJson } from '../audit/canonical-json.ts';
import { applyMeasure } from '../leavers/apply-measure.ts';
import { certificatePdf } from '../leavers/certificate-pdf.ts';
import { leaverReport } from '../leavers/leaver-report.ts';
import { Ownership } from '../leavers/ownership.ts';
import { scriptsOfPeople } from '../leavers/scripts-of-people.ts';
import type { Services } from '../services.ts';
import { findCertificate, insertCertificate, listDecisions, saveDecision, saveRotation } from '../store/leaver.ts';
import { findDirectoryPerson, listDirectory } from '../store/person.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { Handlers } from './handler.ts';

type LeaverOperation =
  | 'listLeavers'
  | 'getLeaver'
  | 'decideLeaverScript'
  | 'markRotated'
  | 'issueLeaverCertificate'
  | 'getLeaverCertificate';

const MAX_LEAVERS = 500;

/** What is lost when somebody leaves, and what is done about it. Nothing is ever deleted here. */
export function leavers(services: Services): Handlers<LeaverOperation> {
  const { control, events, audit } = services;
  return {
    async listLeavers() {
      const nowMs = Date.now();
      const { items, total } = await listDirectory(control, { status: 'left', limit: MAX_LEAVERS });
      const [scripts, ownership] = await Promise.all([scriptsOfPeople(events, items, nowMs), Ownership.read(control)]);
      const rows = await Promise.all(
        items.map(async (person) => {
          const ran = new Set([...(scripts.get(person.id) ?? []), ...ownership.scriptsOf(person).keys()]);
          const [decided, certificate] = await Promise.all([
            listDecisions(control, person.id),
            findCertificate(control, person.id),
          ]);
          return {
            person,
            scripts: ran.size,
            undecided: [...ran].filter((id) => !decided.has(id)).length,
            ...(certificate === undefined ? {} : { certificateAt: certificate.issuedAt }),
          };
        }),
      );
      return { items: rows, total };
    },
    async getLeaver({ params, person: actor }) {
      const person = await known(services, params.personId);
      await audit.record(actor, { action: 'leaver.view', object: { kind: 'person', id: person.id } });
      return leaverReport(control, events, person, Date.now());
    },
    async decideLeaverScript({ params, body, person: actor }) {
      const person = await known(services, params.personId);
      const before = (await listDecisions(control, person.id)).get(body.scriptId);
      const decision: LeaverDecision = {
        scriptId: body.scriptId,
        measure: body.measure,
        ...(body.custodian === undefined ? {} : { custodian: body.custodian }),
        ...(body.note === undefined ? {} : { note: body.note }),
        decidedBy: actor.userName,
        decidedAt: new Date().toISOString(),
      };
      await saveDecision(control, person.id, decision);
      const requests = await applyMeasure(services, decision, actor);
      await audit.record(actor, {
        action: `leaver.${body.measure}`,
        object: { kind: 'script', id: body.scriptId },
        before,
        after: { person: person.id, ...decision, ...(requests.length === 0 ? {} : { requests }) },
        ...(body.note === undefined ? {} : { reason: body.note }),
      });
      return decision;
    },
    async markRotated({ params, body, person: actor }) {
      const person = await known(services, params.personId);
      const nowMs = Date.now();
      await saveRotation(control, person.id, body.subject, actor.userName, nowMs);
      await audit.record(actor, {
        action: 'leaver.rotated',
        object: { kind: 'person', id: person.id },
        after: { subject: body.subject },
      });
      return { rotatedAt: new Date(nowMs).toISOString() };
    },
    async issueLeaverCertificate({ params, person: actor }) {
      const person = await known(services, params.personId);
      if (person.status !== 'left')
        throw new SentinelError('conflict', `${person.displayName} has not left: there is nothing to certify yet.`);
      const report = await leaverReport(control, events, person, Date.now());
      if (report.undecided > 0)
        throw new SentinelError(
          'conflict',
          `${report.undecided === 1 ? '1 script is' : `${report.undecided} scripts are`} still without a decision.`,
        );
      const rest = { id: newUuidV7(), issuedAt: new Date().toISOString(), issuedBy: actor.userName, report };
      const certificate: LeaverCertificate = {
        ...rest,
        sha256: createHash('sha256').update(canonicalJson(rest)).digest('hex'),
      };
      await insertCertificate(control, person.id, certificate);
      await audit.record(actor, {
        action: 'leaver.certify',
        object: { kind: 'person', id: person.id },
        after: { certificate: certificate.id, sha256: certificate.sha256 },
      });
      return certificate;
    },
    async getLeaverCertificate({ params }) {
      const certificate = await findCertificate(control, params.personId);
      if (certificate === undefined) throw new SentinelError('not-found', 'There is no certificate on this person.');
      return { certificate, pdf: (await certificatePdf(certificate)).toString('base64') };
    },
  };
}

async function known({ control }: Services, personId: string): Promise<DirectoryPerson> {
  const person = await findDirectoryPerson(control, personId);
  if (person === undefined) throw new SentinelError('not-found', 'There is nobody with this id in the directory.');
  return person;
}
