import { loadParser } from '../src/parse.ts';
import { banditIdOf, ruffCodeOf, TEXT_OF_RUFF_RULE } from '../src/weaknesses/catalogue.ts';
import { findWeaknesses } from '../src/weaknesses/find-weaknesses.ts';
import { runRuff } from '../src/weaknesses/ruff-engine.ts';
import { ERROR_KINDS, injectError } from './inject-error.ts';
import { isRefused } from './refused-labels.ts';
import type { BanditLabel, SastCorpus } from './sast-corpus.ts';

/** A finding of any engine, in bandit's words. */
export interface Sight {
  readonly test: string;
  readonly line: number;
  readonly endLine: number;
}

/** How well an engine meets the labels. */
export interface Score {
  readonly recall: number;
  readonly precision: number;
  /** Recall without the labels that we refuse. */
  readonly recallWithoutRefused: number;
  readonly missed: readonly string[];
  readonly extra: readonly string[];
}

/** What Sentinel finds. */
export function findOwn(source: string): Sight[] {
  return findWeaknesses(source).weaknesses.map(({ ruleId, place }) => ({
    test: banditIdOf(ruleId) ?? ruleId,
    line: place.line,
    endLine: place.endLine,
  }));
}

/** What Ruff by itself finds. */
export function findByRuff(source: string): Sight[] {
  return runRuff(source).sightings.map(({ rule, line, endLine }) => ({
    test: TEXT_OF_RUFF_RULE.get(rule)?.bandit ?? rule,
    line,
    endLine,
  }));
}

/** Scores an engine on bandit's labels: the same test on common lines. */
export function scoreBandit(corpus: SastCorpus, find: (source: string) => readonly Sight[]): Score {
  const missed: string[] = [];
  const extra: string[] = [];
  let labelCount = 0;
  let refusedCount = 0;
  let refusedMissedCount = 0;
  let sightCount = 0;
  for (const { file, source, labels } of corpus.bandit) {
    const sights = find(source);
    const lines = source.split('\n');
    for (const label of labels) {
      labelCount += 1;
      const refused = isRefused('bandit', label.test_id, lines[label.line - 1] ?? '');
      if (refused) refusedCount += 1;
      if (!sights.some((sight) => matches(sight, label))) {
        if (refused) refusedMissedCount += 1;
        missed.push(`${file}:${label.line} ${label.test_id} ${lines[label.line - 1] ?? ''}`);
      }
    }
    for (const sight of sights) {
      sightCount += 1;
      if (!labels.some((label) => matches(sight, label))) {
        extra.push(`${file}:${sight.line} ${sight.test} ${lines[sight.line - 1] ?? ''}`);
      }
    }
  }
  return {
    recall: 1 - missed.length / labelCount,
    precision: 1 - extra.length / sightCount,
    recallWithoutRefused: 1 - (missed.length - refusedMissedCount) / (labelCount - refusedCount),
    missed,
    extra,
  };
}

function matches({ test, line, endLine }: Sight, { test_id: wanted, range }: BanditLabel): boolean {
  return test === wanted && line <= range[1] && endLine >= range[0];
}

/** Share of Ruff's own expectations that the pinned engine meets: all of them, and without the ones we refuse. */
export function scoreRuffFixtures(corpus: SastCorpus): { recall: number; recallWithoutRefused: number } {
  const total = { wanted: 0, seen: 0, kept: 0 };
  for (const { source, labels } of corpus.ruff) {
    const lines = source.split('\n');
    const found = new Set(
      runRuff(source).sightings.map(({ rule, line }) => {
        const text = TEXT_OF_RUFF_RULE.get(rule);
        return `${text === undefined ? rule : ruffCodeOf(text)} ${line}`;
      }),
    );
    for (const [code, line] of labels) {
      total.wanted += 1;
      if (found.has(`${code} ${line}`)) total.seen += 1;
      else if (!isRefused('ruff', code, lines[line - 1] ?? '')) total.kept += 1;
    }
  }
  return { recall: total.seen / total.wanted, recallWithoutRefused: total.seen / (total.seen + total.kept) };
}

/** Share of a whole source's weaknesses that are still found at their place in a broken one, by kind of break. */
export function scoreBroken(corpus: SastCorpus): Record<string, number> {
  const sources = [...corpus.bandit, ...corpus.ruff, ...corpus.scripts].filter(
    ({ source }) => runRuff(source).syntaxErrorLines.length === 0,
  );
  return Object.fromEntries(
    ERROR_KINDS.map((kind) => {
      let wanted = 0;
      let kept = 0;
      for (const [index, { source }] of sources.entries()) {
        const whole = findOwn(source);
        if (whole.length === 0) continue;
        for (const seed of [1, 2, 3]) {
          const broken = injectError(source, kind, index * 10 + seed);
          if (broken === undefined) continue;
          const found = findOwn(broken.source);
          for (const { test, line } of whole) {
            const now = broken.lineNow(line);
            if (now === undefined) continue;
            wanted += 1;
            if (found.some((sight) => sight.test === test && sight.line <= now && sight.endLine >= now)) kept += 1;
          }
        }
      }
      return [kind, kept / wanted];
    }),
  );
}

/** Benign look-alikes that get a critical weakness: none of our rules may say of code that it is malicious. */
export function countBenignAccused(corpus: SastCorpus): number {
  return corpus.benign.filter(({ source }) =>
    findWeaknesses(source).weaknesses.some(({ severity }) => severity === 'critical'),
  ).length;
}

/** Makes the engines ready. */
export const prepare = loadParser;
