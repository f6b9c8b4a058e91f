import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorCode, errorCodes, Problem, SentinelError } from './errors.ts';

test('every code yields problem details that fit their shape', () => {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  assert.ok(codes.length > 10);
  for (const code of codes) {
    const problem = new SentinelError(code, 'It happened.').toProblem('r-1');
    assert.deepEqual(Problem.parse(problem), problem);
    assert.equal(problem.status, errorCodes[code].status);
  }
});

test('only an error that may pass asks for a retry', () => {
  for (const [code, { status, retry }] of Object.entries(errorCodes))
    assert.equal(retry, status === 429 || status >= 500, code);
});
