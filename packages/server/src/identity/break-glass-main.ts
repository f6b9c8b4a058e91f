import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { readSettings } from '../settings.ts';
import { openControlStore } from '../store/control-store.ts';
import { SIGN_IN_LINK_MS } from '../store/sign-in-link.ts';
import { openBreakGlass } from './break-glass-account.ts';

const program = new Command('sentinel-break-glass')
  .description('Makes a one-time link to the emergency account, beside a server that runs or not.')
  .option('--data <dir>', 'data folder of the server')
  .option('--config <file>', 'JSON file with the settings of the server')
  .requiredOption('--reason <text>', 'why; it stands in the audit trail')
  .parse();

try {
  const { config, reason, ...given } = program.opts<{ config?: string; reason: string; data?: string }>();
  const settings = readSettings(given, config);
  const file = join(settings.data, 'server', 'control.sqlite');
  if (settings.control === undefined && !existsSync(file))
    throw new Error(`there is no server's data in "${settings.data}"`);
  if (reason.trim() === '') throw new Error('the reason is empty');
  const control = await openControlStore(settings.control ?? file);
  try {
    const token = await openBreakGlass(control, {
      reason: reason.trim(),
      osUser: userInfo().username,
      nowMs: Date.now(),
    });
    const base = settings.publicUrl ?? `http://${settings.host}:${settings.port}`;
    process.stdout.write(
      `Emergency sign-in, once, within ${SIGN_IN_LINK_MS / 60_000} minutes, for one hour:\n${base}/sign-in#token=${token}\n` +
        'It stands in the audit trail with your name and reason.\n',
    );
  } finally {
    await control.destroy();
  }
} catch (error) {
  process.stderr.write(`sentinel server break-glass: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
