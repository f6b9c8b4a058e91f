import { createRequire } from 'node:module';
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

/**
 * Share of Ruff's own expectations that the pinned engine meets: all of them, and without the ones we refuse. The labels
 * were made with preview off and on, one of them under a setting; the engine is asked in the same ways.
 */
export function scoreRuffFixtures(corpus: SastCorpus): {
  recall: number;
  recallWithoutRefused: number;
  missed: string[];
} {
  const engines = [false, true].map(fixtureEngine);
  const missed: string[] = [];
  let wanted = 0;
  let refused = 0;
  for (const { file, source, labels } of corpus.ruff) {
    const lines = source.split('\n');
    const found = new Set([...keysOf(runRuff(source).sightings), ...engines.flatMap((find) => keysOf(find(source)))]);
    for (const [code, line] of labels) {
      wanted += 1;
      if (found.has(`${code} ${line}`)) continue;
      if (isRefused('ruff', code, lines[line - 1] ?? '')) refused += 1;
      else missed.push(`${file}:${line} ${code} ${lines[line - 1] ?? ''}`);
    }
  }
  const seen = wanted - refused - missed.length;
  return { recall: seen / wanted, recallWithoutRefused: seen / (seen + missed.length), missed };
}

function keysOf(sightings: readonly { readonly rule: string; readonly line: number }[]): string[] {
  return sightings.map(({ rule, line }) => `${ruffCode(rule)} ${line}`);
}

/** Code of a rule that an engine names, by its number or by its name. */
export function ruffCode(rule: string): string {
  const text = TEXT_OF_RUFF_RULE.get(rule);
  return (text === undefined ? undefined : ruffCodeOf(text)) ?? rule;
}

/** The pinned engine as the labels were made: with the setting that one of the fixtures is for. */
function fixtureEngine(preview: boolean): (source: string) => { rule: string; line: number }[] {
  const require = createRequire(import.meta.url);
  const { Workspace } = require('@astral-sh/ruff-wasm-nodejs') as {
    Workspace: new (
      settings: object,
      encoding: number,
    ) => {
      check(source: string): { code: string | null; start_location: { row: number } }[];
    };
  };
  const lint = { select: ['S'], preview, 'flake8-bandit': { 'check-typed-exception': true } };
  const workspace = new Workspace({ preview, lint }, 1);
  return (source) =>
    workspace.check(source).map(({ code, start_location: { row } }) => ({ rule: code ?? '', line: row }));
}

/** A source and the same one with an error in it. */
export interface BrokenCase {
  readonly kind: string;
  readonly whole: string;
  readonly broken: string;
  /** Line of the broken source that a line of the whole one became; undefined where it is gone. */
  readonly lineNow: (line: number) => number | undefined;
}

/** Every source that parses, broken in six ways at three places each. */
export function brokenCases(corpus: SastCorpus): BrokenCase[] {
  const sources = [...corpus.bandit, ...corpus.ruff, ...corpus.scripts].filter(
    ({ source }) => runRuff(source).syntaxErrorLines.length === 0,
  );
  return ERROR_KINDS.flatMap((kind) =>
    sources.flatMap(({ source }, index) =>
      [1, 2, 3].flatMap((seed) => {
        const broken = injectError(source, kind, index * 10 + seed);
        return broken === undefined
          ? []
          : [{ kind, whole: source, broken: broken.source, lineNow: (line: number) => broken.lineNow(line) }];
      }),
    ),
  );
}

/** Share of a whole source's weaknesses that are still found at their place in a broken one, by kind of break. */
export function scoreBrokenCases(
  cases: readonly BrokenCase[],
  find: (source: string) => readonly Sight[],
): Record<string, number> {
  const counts = new Map<string, { wanted: number; kept: number }>();
  const wholes = new Map<string, readonly Sight[]>();
  for (const { kind, whole, broken, lineNow } of cases) {
    let wanted = wholes.get(whole);
    if (wanted === undefined) {
      wanted = find(whole);
      wholes.set(whole, wanted);
    }
    if (wanted.length === 0) continue;
    const found = find(broken);
    const count = counts.get(kind) ?? { wanted: 0, kept: 0 };
    counts.set(kind, count);
    for (const { test, line } of wanted) {
      const now = lineNow(line);
      if (now === undefined) continue;
      count.wanted += 1;
      if (found.some((sight) => sight.test === test && sight.line <= now && sight.endLine >= now)) count.kept += 1;
    }
  }
  return Object.fromEntries([...counts].map(([kind, { wanted, kept }]) => [kind, kept / wanted]));
}

/** The same for Sentinel's own findings. */
export function scoreBroken(corpus: SastCorpus): Record<string, number> {
  return scoreBrokenCases(brokenCases(corpus), findOwn);
}

/** Benign look-alikes that get a critical weakness: none of our rules may say of code that it is malicious. */
export function countBenignAccused(corpus: SastCorpus): number {
  return corpus.benign.filter(({ source }) =>
    findWeaknesses(source).weaknesses.some(({ severity }) => severity === 'critical'),
  ).length;
}

/** Makes the engines ready. */
export const prepare = loadParser;
