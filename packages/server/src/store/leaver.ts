import type { LeaverCertificate, LeaverDecision } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Row of a decision on a script of somebody who left. */
export interface LeaverDecisionTable {
  person_id: string;
  script_id: string;
  measure: LeaverDecision['measure'];
  custodian: string | null;
  note: string | null;
  decided_by: string;
  decided_at: number;
}

/** Row of a credential that was changed because somebody left. */
export interface LeaverRotationTable {
  person_id: string;
  subject: string;
  rotated_by: string;
  rotated_at: number;
}

/** Row of a certificate; never changed. */
export interface LeaverCertificateTable {
  id: string;
  person_id: string;
  issued_at: number;
  issued_by: string;
  /** LeaverCertificate as JSON. */
  content: string;
}

/** Keeps a decision; the last one on a script counts. The audit log keeps the earlier ones. */
export async function saveDecision(store: ControlStore, personId: string, decision: LeaverDecision): Promise<void> {
  const values = {
    measure: decision.measure,
    custodian: decision.custodian ?? null,
    note: decision.note ?? null,
    decided_by: decision.decidedBy,
    decided_at: Date.parse(decision.decidedAt),
  };
  await store
    .insertInto('leaver_decision')
    .values({ person_id: personId, script_id: decision.scriptId, ...values })
    .onConflict((conflict) => conflict.columns(['person_id', 'script_id']).doUpdateSet(values))
    .execute();
}

/** Decisions on the scripts of somebody, by script. */
export async function listDecisions(store: ControlStore, personId: string): Promise<Map<string, LeaverDecision>> {
  const rows = await store.selectFrom('leaver_decision').selectAll().where('person_id', '=', personId).execute();
  return new Map(
    rows.map((row) => [
      row.script_id,
      {
        scriptId: row.script_id,
        measure: row.measure,
        ...(row.custodian === null ? {} : { custodian: row.custodian }),
        ...(row.note === null ? {} : { note: row.note }),
        decidedBy: row.decided_by,
        decidedAt: new Date(row.decided_at).toISOString(),
      },
    ]),
  );
}

/** Says that a credential was changed. */
export async function saveRotation(
  store: ControlStore,
  personId: string,
  subject: string,
  rotatedBy: string,
  nowMs: number,
): Promise<void> {
  const values = { rotated_by: rotatedBy, rotated_at: nowMs };
  await store
    .insertInto('leaver_rotation')
    .values({ person_id: personId, subject, ...values })
    .onConflict((conflict) => conflict.columns(['person_id', 'subject']).doUpdateSet(values))
    .execute();
}

/** Credentials that were changed because somebody left, by subject. */
export async function listRotations(
  store: ControlStore,
  personId: string,
): Promise<Map<string, { rotatedBy: string; rotatedAt: string }>> {
  const rows = await store.selectFrom('leaver_rotation').selectAll().where('person_id', '=', personId).execute();
  return new Map(
    rows.map((row) => [row.subject, { rotatedBy: row.rotated_by, rotatedAt: new Date(row.rotated_at).toISOString() }]),
  );
}

/** Keeps a certificate. */
export async function insertCertificate(
  store: ControlStore,
  personId: string,
  certificate: LeaverCertificate,
): Promise<void> {
  await store
    .insertInto('leaver_certificate')
    .values({
      id: certificate.id,
      person_id: personId,
      issued_at: Date.parse(certificate.issuedAt),
      issued_by: certificate.issuedBy,
      content: JSON.stringify(certificate),
    })
    .execute();
}

/** The newest certificate on somebody. */
export async function findCertificate(store: ControlStore, personId: string): Promise<LeaverCertificate | undefined> {
  const row = await store
    .selectFrom('leaver_certificate')
    .select('content')
    .where('person_id', '=', personId)
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.content) as LeaverCertificate);
}
