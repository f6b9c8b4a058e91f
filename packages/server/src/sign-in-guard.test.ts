import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignInGuard } from './sign-in-guard.ts';

test('locks a name after five failures, longer each time, and forgets them at success', () => {
  const guard = new SignInGuard();
  for (let attempt = 0; attempt < 5; attempt++) {
    guard.check('ann', 0);
    guard.failed('ann', 0);
  }

  assert.throws(() => guard.check('ann', 29_999), /Too many failed sign-ins/);
  guard.check('bob', 0);
  guard.check('ann', 30_000);
  guard.failed('ann', 30_000);
  assert.throws(() => guard.check('ann', 89_999));
  guard.check('ann', 90_000);
  guard.succeeded('ann');
  guard.failed('ann', 90_000);
  guard.check('ann', 90_000);
});
