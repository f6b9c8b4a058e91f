import { cpus } from 'node:os';
import { AnalysisPool } from '../src/pool.ts';
import { readRows } from './corpus.ts';
import { type Peers, withFiles } from './peers.ts';
import type { Peer } from './table.ts';

/** Scripts of 2 KB in a second. */
export interface Speed {
  readonly own: number;
  readonly workers: number;
  readonly peers: Partial<Record<Peer, number>>;
  readonly cores: number;
}

const SCRIPT_BYTES = 2_048;
/** Copies of the labelled scripts in one measurement, so that starting up counts little. */
const COPIES = 6;
const ROUNDS = 3;

/**
 * Scripts of 2 KB in a second with all detectors in a pool of two workers, and the same files with the tools of others,
 * in turn, the best of the rounds.
 */
export async function measureSpeed(peers: Peers | undefined, tell: (text: string) => void): Promise<Speed> {
  const texts = readRows<{ text: string }>('scripts/scripts.jsonl.gz').map(({ text }) => text);
  const scripts = Array.from({ length: COPIES }, () => texts).flat();
  const sources = scripts.map((text) => Buffer.from(text));
  const amount = sources.reduce((sum, { length }) => sum + length, 0) / SCRIPT_BYTES;
  const pool = new AnalysisPool({ workers: 2 });
  const best: { own: number; peers: Partial<Record<Peer, number>> } = { own: 0, peers: {} };
  try {
    const analyseAll = () => Promise.all(sources.map((bytes, at) => pool.analyse(bytes, { path: `s${at}.py` })));
    tell('speed: warming up');
    await analyseAll();
    for (let round = 1; round <= ROUNDS; round += 1) {
      tell(`speed: round ${round} of ${ROUNDS}`);
      const start = performance.now();
      await analyseAll();
      best.own = Math.max(best.own, amount / ((performance.now() - start) / 1_000));
      withFiles(
        scripts.map((text, at) => [`s${at}.py`, text] as const),
        (folder) => {
          for (const peer of ['bandit', 'detect-secrets', 'Ruff'] as const) {
            if (peers === undefined) continue;
            const { seconds } = peers.run(peer, folder);
            best.peers[peer] = Math.max(best.peers[peer] ?? 0, amount / seconds);
          }
        },
      );
    }
  } finally {
    await pool.close();
  }
  return { ...best, workers: 2, cores: cpus().length };
}
