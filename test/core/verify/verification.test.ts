import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, type Verification } from '#core/verify/verification.ts';

/** R1. */
const CASES: readonly (readonly [Verification['verdict'], Verification['anchoring'], boolean, number])[] = [
  ['sealed', 'anchored', false, 0],
  ['sealed', 'anchored', true, 0],
  ['sealed', 'local', false, 3],
  ['sealed', 'local', true, 0],
  ['sealed', 'unanchored', false, 3],
  ['sealed', 'unanchored', true, 3],
  ['unsealed', 'local', true, 4],
  ['unsealed', 'anchored', false, 4],
  ['broken', 'anchored', true, 1],
];

test('exitCodeOf() gives the exit codes of R1', () => {
  for (const [verdict, anchoring, allowLocal, code] of CASES)
    assert.equal(exitCodeOf({ verdict, anchoring }, allowLocal), code, `${verdict} ${anchoring} ${allowLocal}`);
});
