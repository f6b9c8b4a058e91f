import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { probeRecordKinds } from '@sentinel/protocol';

/** How a program ended, as its parent saw it. */
export interface ProgramEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

/**
 * Appends the end of a run that its parent saw. What the run said of its own end stays, but for what
 * only the parent can know.
 * @param hasOwnEnd - Whether the probe wrote an end record itself.
 */
export function appendEndRecord(path: string, end: ProgramEnd, hasOwnEnd: boolean, timeUnixMs: number): void {
  const fields: string[] = [probeRecordKinds.end, `${Math.trunc(timeUnixMs)}000000`];
  if (end.signal !== undefined) {
    fields.push('sentinel.run.exit_route', 'signal', 'sentinel.run.exit_signal', end.signal);
  } else {
    if (end.exitCode !== undefined) fields.push('sentinel.run.exit_code', String(end.exitCode));
    // Handlers that never ran say nothing: it left without them.
    if (!hasOwnEnd) fields.push('sentinel.run.exit_route', 'os._exit');
  }
  appendFileSync(path, `${closeTornLine(path)}${fields.join('\t')}\n`);
}

/**
 * What ends a line that a kill cut short. Three empty fields make it no record whatever it was, so that
 * half a number is not taken for a number.
 */
function closeTornLine(path: string): string {
  const handle = openSync(path, 'r');
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    if (size === 0 || readSync(handle, last, 0, 1, size - 1) === 0) return '';
    return last[0] === 0x0a ? '' : '\t\t\t\n';
  } finally {
    closeSync(handle);
  }
}
