import { buffer } from 'node:stream/consumers';
import type { LeaverCertificate, LeaverScript } from '@sentinel/protocol';
// oxlint-disable-next-line import/no-named-as-default -- the types know no other name
import PDFDocument from 'pdfkit';

const INK = '#1a1d21';
const QUIET = '#5b6470';
const MEASURES = { 'hand-over': 'handed over', freeze: 'frozen', retire: 'retired' } as const;

/** The certificate as a page to print: what was left, who took it over, and the hash of the facts behind it. */
export async function certificatePdf(certificate: LeaverCertificate): Promise<Buffer> {
  const { report, issuedAt, issuedBy, id, sha256 } = certificate;
  const { person, scripts, schedules, secrets } = report;
  const page = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: `Certificate: scripts of ${person.displayName}`, CreationDate: new Date(issuedAt) },
  });
  const bytes = buffer(page);
  const line = (text: string, size = 10, color = INK) => page.fontSize(size).fillColor(color).text(plain(text));
  const section = (title: string) => {
    page.moveDown(1);
    page.font('Helvetica-Bold');
    line(title, 12);
    page.font('Helvetica').moveDown(0.3);
  };
  page.font('Helvetica-Bold');
  line('Scripts of a person who left', 18);
  page.font('Helvetica').moveDown(0.4);
  line(
    `${person.displayName} (${person.userName})${person.department === undefined ? '' : `, ${person.department}`}`,
    12,
  );
  line(
    `Left ${day(person.leftAt)}. Runs and data since ${day(report.since)} were looked at. Issued ${day(issuedAt)} by ${issuedBy}.`,
    10,
    QUIET,
  );
  section(`Scripts (${scripts.length})`);
  if (scripts.length === 0) line('None was seen to run.', 10, QUIET);
  for (const script of scripts) {
    line(`${script.name}: ${fate(script)}`);
    line(
      `${script.runsByPerson} of ${script.runs} runs were theirs${script.isOnlyTheirs ? '; nobody else ran it' : ''}; ${script.isInVault ? 'a copy is in the vault' : 'no copy is in the vault'}; last run ${day(script.lastRunAt)}`,
      8,
      QUIET,
    );
    page.moveDown(0.25);
  }
  section(`Schedules still there (${schedules.length})`);
  for (const { hostName, kind, when, source, script } of schedules)
    line(`${hostName}: ${kind} "${when}" starts ${script} (${source})`);
  if (schedules.length === 0) line('None.', 10, QUIET);
  section(`Credentials they knew (${secrets.length})`);
  for (const { title, rotatedAt, rotatedBy } of secrets)
    line(`${title}: ${rotatedAt === undefined ? 'NOT changed yet' : `changed ${day(rotatedAt)} (${rotatedBy ?? ''})`}`);
  if (secrets.length === 0) line('None was found.', 10, QUIET);
  section('Data');
  line(`${report.reachTotal} places were reached in those days; the list is part of the certificate's facts.`);
  page.moveDown(1.5);
  line(`Certificate ${id}`, 8, QUIET);
  line(`SHA-256 of its facts: ${sha256}`, 8, QUIET);
  line('Nothing was deleted. What Sentinel did not observe is not listed here.', 8, QUIET);
  page.end();
  return bytes;
}

function fate({ decision }: LeaverScript): string {
  if (decision === undefined) return 'no decision';
  const to = decision.custodian === undefined ? '' : ` to ${decision.custodian}`;
  return `${MEASURES[decision.measure]}${to} by ${decision.decidedBy} on ${day(decision.decidedAt)}`;
}

function day(time: string | undefined): string {
  return time === undefined ? 'on an unknown day' : time.slice(0, 10);
}

/** The standard fonts know Latin letters only; what they lack becomes a question mark rather than another letter. */
function plain(text: string): string {
  return text.normalize('NFC').replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '?');
}
