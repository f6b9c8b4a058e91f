/// <reference types="node" />
/**
 * Prints as JSON which share of a core a scan takes against the share that was asked for.
 *
 *     node packages/discovery/bench/cpu-share.ts [--seconds 10] [--entries 200000]
 *
 * Each scan is stopped after so long; what Node takes to start is left out. The tree lies in a temporary folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scan } from '../src/scan.ts';
import { growTree } from './grow-tree.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, entries: { type: 'string', default: '200000' } },
});
const root = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
try {
  const tree = join(root, 'tree');
  growTree(tree, Number(values.entries));
  await scan({ roots: [join(tree, 'home', 'user0', 'project0')] });
  const measurements: object[] = [];
  for (const asked of [5, 10, 20, 50]) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), Number(values.seconds) * 1000);
    const [startedMs, before] = [performance.now(), process.cpuUsage()];
    await scan({ roots: [tree], cpuPercent: asked, signal: stop.signal });
    clearTimeout(timer);
    const { user, system } = process.cpuUsage(before);
    const wallMs = performance.now() - startedMs;
    const taken = (user + system) / 10 / wallMs;
    measurements.push({
      name: `share of a core, ${asked} % asked`,
      ratio: taken / asked,
      measured: `${taken.toFixed(1)} % over ${(wallMs / 1000).toFixed(1)} s`,
    });
  }
  process.stdout.write(`${JSON.stringify({ measurements })}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
