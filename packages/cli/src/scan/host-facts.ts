import { readFileSync } from 'node:fs';
import { hostname, type as osType, release, userInfo } from 'node:os';
import type { ScanReport } from '@sentinel/protocol';

/** This computer, and the account that looks at it. */
export function hostFacts(): ScanReport['host'] {
  return { name: hostname(), os: osName(), osVersion: release(), account: accountName() };
}

function osName(): string {
  if (process.platform === 'win32') return 'Windows';
  if (process.platform === 'darwin') return 'macOS';
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? osType();
  } catch {
    return osType();
  }
}

/** Name of the account; on Linux by a file, for the system's own look-up opens a socket to a name service. */
function accountName(): string {
  const uid = process.getuid?.();
  if (process.platform === 'linux' && uid !== undefined) {
    try {
      const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
      const line = lines.find((one) => one.split(':')[2] === String(uid));
      return line?.split(':')[0] ?? process.env['USER'] ?? String(uid);
    } catch {
      return process.env['USER'] ?? String(uid);
    }
  }
  try {
    return userInfo().username;
  } catch {
    return String(uid ?? 'unknown');
  }
}
