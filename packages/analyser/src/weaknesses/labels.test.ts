import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { CORPUS, readSastCorpus, type SastCorpus } from '../../evaluate/sast-corpus.ts';
import {
  countBenignAccused,
  findOwn,
  prepare,
  scoreBandit,
  scoreBroken,
  scoreRuffFixtures,
} from '../../evaluate/score-weaknesses.ts';

const skip = existsSync(CORPUS) ? false : 'the labelled corpus is not beside this checkout';

describe('weaknesses on the labelled corpus', { skip }, () => {
  let corpus: SastCorpus;
  before(async () => {
    await prepare();
    corpus = readSastCorpus();
  });

  it('meets the labels of bandit', () => {
    const { recall, precision } = scoreBandit(corpus, findOwn);
    assert.ok(recall >= 0.97 && precision >= 0.93, `${recall} ${precision}`);
  });

  it("meets Ruff's own expectations, the refused ones aside", () => {
    assert.equal(scoreRuffFixtures(corpus).recallWithoutRefused, 1);
  });

  it('keeps what it finds when a source is broken', () => {
    for (const [kind, kept] of Object.entries(scoreBroken(corpus))) assert.ok(kept >= 0.85, `${kind} ${kept}`);
  });

  it('calls no benign look-alike malicious', () => {
    assert.equal(countBenignAccused(corpus), 0);
  });
});
