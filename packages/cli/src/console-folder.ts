import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folder of the built console; builds it first where its sources are newer.
 * @param progress - Told in one sentence when a build starts.
 * @throws Error with the build's output when it failed and there is no earlier build.
 */
export async function consoleFolder(progress: (text: string) => void = () => undefined): Promise<string> {
  const packageFolder = dirname(fileURLToPath(import.meta.resolve('@sentinel/console/package.json')));
  const dist = join(packageFolder, 'dist');
  if (!existsSync(join(dist, 'index.html'))) progress('Building the console (first start)');
  const child = spawn(process.execPath, [join(packageFolder, 'build.ts'), '--if-stale'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 && !existsSync(join(dist, 'index.html'))) {
    throw new Error(`The console could not be built:\n${output}`);
  }
  return dist;
}
