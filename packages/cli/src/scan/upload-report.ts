import { createHash } from 'node:crypto';
import { createClient } from '@sentinel/client';
import { type InventoryUpload, MAX_INVENTORY_BYTES, type ScanReport } from '@sentinel/protocol';

/** Server to send to, and the enrolment token or credential that lets us. */
export interface UploadTarget {
  readonly url: string;
  readonly token: string;
}

/** Sends what a report found to a server; the same report again changes nothing there. */
export async function uploadReport(
  report: ScanReport,
  { url, token }: UploadTarget,
): Promise<{
  readonly outcome: 'stored' | 'duplicate';
  readonly isCurrent: boolean;
  readonly endpointId?: string | undefined;
}> {
  const body = uploadOf(report);
  const sizeBytes = Buffer.byteLength(JSON.stringify(body));
  if (sizeBytes > MAX_INVENTORY_BYTES)
    throw new Error(
      `the inventory has ${Math.ceil(sizeBytes / 1_000_000)} MB, the server takes ${Math.floor(MAX_INVENTORY_BYTES / 1_000_000)}: scan parts of the computer with --root`,
    );
  return createClient({ baseUrl: url.replace(/\/+$/, ''), credential: token }).uploadInventory({ body });
}

/** A report without the evidence of its analysis. */
export function uploadOf(report: ScanReport): InventoryUpload {
  const {
    product,
    host,
    startedAt,
    durationMs,
    roots,
    coverage,
    inventory,
    assessments,
    packageVerdicts = [],
  } = report;
  return {
    id: report.id ?? idOf(report),
    product,
    host,
    startedAt,
    durationMs,
    roots,
    coverage,
    inventory,
    risks: assessments.map(({ path, risk, familyHash }) => {
      const reason = risk.shares.find(({ dimension }) => dimension !== 'floor')?.reason;
      return {
        path,
        score: risk.score,
        band: risk.band,
        ...(reason === undefined ? {} : { reason }),
        ...(familyHash === undefined ? {} : { familyHash }),
      };
    }),
    packageVerdicts,
  };
}

/** Id of a report that has none: the same computer and moment, the same id. Source: RFC 9562, version 8. */
function idOf({ host, startedAt, roots }: ScanReport): string {
  const hex = createHash('sha256')
    .update(`${host.name}\0${startedAt}\0${roots.join('\0')}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
