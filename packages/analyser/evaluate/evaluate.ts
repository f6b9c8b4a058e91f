import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Every evaluation of the analyser over the labelled corpus, one after another; arguments go to each of them. */
const PARTS = ['secrets', 'weaknesses', 'scripts', 'packages'];

for (const part of PARTS) {
  const file = fileURLToPath(new URL(`${part}.ts`, import.meta.url));
  if (!existsSync(file)) continue;
  process.stdout.write(`\n== ${part}\n`);
  const { status } = spawnSync(process.execPath, [file, ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exitCode = status ?? 1;
}
