import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { CORPUS } from '../../evaluate/sast-corpus.ts';
import { type PackageScore, scorePackages } from '../../evaluate/score-packages.ts';

const skip = existsSync(CORPUS) ? false : 'the labelled corpus is not beside this checkout';

describe('packages on the labelled corpus', { skip }, () => {
  let score: PackageScore;
  before(async () => {
    score = await scorePackages();
  });

  it('answers queries on affected versions', () => {
    assert.equal(score.queries.affected, 1);
    assert.ok(score.queries.notAffected >= 0.999, `${score.queries.notAffected}`);
  });

  it('tells squats from legitimate names', () => {
    const { recall, nearLegitimateFlagged, legitimateFlagged } = score.squats;
    assert.ok(
      recall >= 0.98 && nearLegitimateFlagged <= 0.02 && legitimateFlagged <= 0.005,
      JSON.stringify(score.squats),
    );
  });

  it('calls no benign look-alike malicious', () => {
    assert.equal(score.benignCalledMalicious, 0);
  });
});
