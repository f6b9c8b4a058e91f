import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new temporary folder. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sentinel-server-test-'));
}
