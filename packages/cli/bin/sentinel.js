#!/usr/bin/env node
// Starts the command on the pinned Node. Plain JavaScript that any Node from 18 up can read,
// because the machine's own Node may be older than the one that runs the sources.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 26;
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) {
  await import(main);
} else {
  const node = pinnedNode();
  if (node === undefined) {
    process.stderr.write(
      `sentinel: needs Node ${OLDEST_MAJOR}, this is ${process.versions.node}, and the pinned one is not installed.\n` +
        'Run "npm ci" in the Sentinel folder (without --omit=optional), or put Node 26 on PATH.\n',
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole group; these handlers keep this parent alive until the child is done.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exitCode = code ?? 1;
    }
  });
}

/** Path of the pinned Node binary that the lock file brought for this platform, if any. */
function pinnedNode() {
  const require = createRequire(import.meta.url);
  const arch = process.platform === 'darwin' && process.arch === 'arm64' ? 'bin-darwin-arm64' : undefined;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${arch ?? `${platform}-${process.arch}`}`;
  try {
    const folder = dirname(require.resolve(`${name}/package.json`));
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}
