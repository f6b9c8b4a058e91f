import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSastCorpus } from './sast-corpus.ts';
import {
  countBenignAccused,
  findByRuff,
  findOwn,
  prepare,
  scoreBandit,
  scoreBroken,
  scoreRuffFixtures,
} from './score-weaknesses.ts';

await prepare();
const corpus = readSastCorpus();
const ours = scoreBandit(corpus, findOwn);
const { recall, precision, recallWithoutRefused } = ours;
const report = {
  bandit: {
    files: corpus.bandit.length,
    labels: corpus.bandit.reduce((sum, { labels }) => sum + labels.length, 0),
    recall,
    precision,
    recallWithoutRefused,
  },
  ruffFixtures: scoreRuffFixtures(corpus),
  keptWhenBroken: scoreBroken(corpus),
  benignCalledMalicious: countBenignAccused(corpus),
  ...(process.argv.includes('--peers') ? { peers: scorePeers() } : {}),
};

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else {
  const { bandit, ruffFixtures } = report;
  const lines = [
    `bandit labels       recall ${share(recall)} (${share(recallWithoutRefused)} without refused)  precision ${share(precision)}  (${bandit.labels} labels)`,
    `Ruff fixtures       recall ${share(ruffFixtures.recall)} (${share(ruffFixtures.recallWithoutRefused)} without refused)`,
    ...Object.entries(report.keptWhenBroken).map(([kind, kept]) => `kept, ${kind.padEnd(12)}  ${share(kept)}`),
    `benign look-alikes  ${report.benignCalledMalicious} of ${corpus.benign.length} called malicious`,
    ...Object.entries(report.peers ?? {}).map(
      ([peer, score]) => `peer ${peer.padEnd(13)}  recall ${share(score.recall)}  precision ${share(score.precision)}`,
    ),
    ...(process.argv.includes('--verbose') ? ['', 'missed', ...ours.missed, '', 'extra', ...ours.extra] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function scorePeers(): Record<string, { recall: number; precision: number }> {
  const { recall, precision } = scoreBandit(corpus, findByRuff);
  return { ruff: { recall, precision }, ...scoreBanditItself() };
}

/** Bandit itself, where it is installed, which is the origin of the labels. */
function scoreBanditItself(): Record<string, { recall: number; precision: number }> {
  if (spawnSync('bandit', ['--version']).status !== 0) return {};
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-peer-'));
  try {
    const { recall, precision } = scoreBandit(corpus, (source) => {
      const file = join(folder, 'source.py');
      writeFileSync(file, source);
      const { stdout } = spawnSync('bandit', ['-q', '-f', 'json', file], { encoding: 'utf8' });
      const { results } = JSON.parse(stdout) as { results: { test_id: string; line_range: number[] }[] };
      return results.map(({ test_id: test, line_range: range }) => ({
        test,
        line: range[0] ?? 1,
        endLine: range.at(-1) ?? 1,
      }));
    });
    return { bandit: { recall, precision } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function share(value: number): string {
  return value.toFixed(3);
}
