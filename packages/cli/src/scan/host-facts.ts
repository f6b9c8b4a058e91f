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

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
