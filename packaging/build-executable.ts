/**
 * Makes the single executable for endpoints, for the platform it runs on.
 *
 *     npm run package [-- --out FOLDER] [-- --node FILE] [-- --json]
 *
 * Input: the sources, the pinned Node (or `--node`, a Node of the same version). Output:
 * `sentinel-<version>-<platform>-<architecture>`, and beside it its SHA-256 and its bill of materials (CycloneDX).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSbom } from '../tools/supply-chain/make-sbom.ts';
import { readLock } from '../tools/supply-chain/read-lock.ts';
import { buildApp } from './build-app.ts';
import { packApp } from './pack-app.ts';

const ROOT = join(import.meta.dirname, '..');

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist' },
    node: { type: 'string', default: process.execPath },
    version: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const work = mkdtempSync(join(tmpdir(), 'sentinel-package-'));
try {
  const app = join(work, 'app');
  mkdirSync(app);
  const own = buildApp(app);
  const version = values.version ?? own;
  if (version !== own) setVersion(app, version);
  cpSync(join(import.meta.dirname, 'boot.cjs'), join(app, 'boot.cjs'));
  const packed = packApp(app);
  writeFileSync(join(work, 'app.zst'), packed.bytes);
  writeFileSync(join(work, 'app.sha256'), packed.sha256);
  const node = join(work, process.platform === 'win32' ? 'node.exe' : 'node');
  copyFileSync(values.node, node);
  withoutSymbols(node);
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const output = join(out, `sentinel-${version}-${process.platform}-${process.arch}${suffix}`);
  const config = join(work, 'sea.json');
  writeFileSync(
    config,
    JSON.stringify({
      main: join(import.meta.dirname, 'launcher.cjs'),
      mainFormat: 'commonjs',
      executable: node,
      output,
      disableExperimentalSEAWarning: true,
      // The agent sets its own options of Node so, for want of another way.
      execArgvExtension: 'env',
      assets: { 'app.zst': join(work, 'app.zst'), 'app.sha256': join(work, 'app.sha256') },
    }),
  );
  execFileSync(process.execPath, ['--build-sea', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  const sha256 = createHash('sha256').update(readFileSync(output)).digest('hex');
  writeFileSync(`${output}.cdx.json`, makeSbom(readLock(ROOT), { name: 'sentinel', version }));
  writeFileSync(`${output}.sha256`, `${sha256}  ${basename(output)}\n`);
  const told = { file: output, version, sha256, sizeBytes: statSync(output).size, appBytes: packed.bytes.length };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(told)}\n`
      : `${output}\n${(told.sizeBytes / 1e6).toFixed(1)} MB, ${(told.appBytes / 1e6).toFixed(1)} MB of it the program, SHA-256 ${sha256}\n`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A build that calls itself otherwise: a release candidate, or the second version of a test. */
function setVersion(app: string, version: string): void {
  for (const name of ['cli', 'agent']) {
    const file = join(app, 'packages', name, 'package.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), version }));
  }
}

/** Takes the symbols of Node out, a fifth of its size, where a tool for that is to be had. */
function withoutSymbols(node: string): void {
  if (process.platform !== 'linux') return;
  try {
    execFileSync('strip', ['--strip-all', node], { stdio: 'ignore' });
  } catch {
    process.stderr.write('strip is not installed: the executable keeps the symbols of Node\n');
  }
}
