import type { ScanReport } from '@sentinel/protocol';
import { verifiedKey } from './report-signature.ts';
import { type UploadTarget, uploadReport } from './upload-report.ts';
import { writeOut } from './write-out.ts';

/** Says whether a report is as it was signed. Exit code. @param trusted - Keys that must have signed it; any where empty. */
export function sayWhetherSigned(path: string, trusted: readonly string[]): number {
  let key: string;
  try {
    key = verifiedKey(path);
  } catch (error) {
    writeOut(2, `sentinel scan: ${(error as Error).message}\n`);
    return 1;
  }
  if (trusted.length > 0 && !trusted.includes(key)) {
    writeOut(2, `sentinel scan: it is signed by ${key}, which is not trusted\n`);
    return 1;
  }
  writeOut(1, `${path} is as ${key} signed it\n`);
  return 0;
}

/** Uploads a report and says what became of it. Exit code. */
export async function sendReport(report: ScanReport, target: UploadTarget): Promise<number> {
  try {
    const { outcome, isCurrent } = await uploadReport(report, target);
    const words = outcome === 'duplicate' ? 'was there already' : isCurrent ? 'stored' : 'stored; a newer one is known';
    writeOut(2, `inventory of ${report.host.name}: ${words}\n`);
    return 0;
  } catch (error) {
    writeOut(2, `sentinel scan: the upload failed: ${(error as Error).message}\n`);
    return 1;
  }
}
