/** Preloaded into an agent: its clock of the wall is that of the machine and the hours of a file, which may change at any time. */
import { readFileSync } from 'node:fs';

const LOOK_MS = 20;
const path = process.env['SENTINEL_TEST_CLOCK'] ?? '';
let offsetMs = 0;
const look = () => {
  try {
    offsetMs = Number(readFileSync(path, 'utf8')) * 3_600_000;
  } catch {
    // Not written yet.
  }
};
look();
setInterval(look, LOOK_MS).unref();
const real = Date;
globalThis.Date = new Proxy(real, {
  construct: (_, args: [string?]) => (args.length === 0 ? new real(real.now() + offsetMs) : new real(args[0] ?? '')),
  get: (target, name): unknown => (name === 'now' ? () => real.now() + offsetMs : Reflect.get(target, name)),
});
