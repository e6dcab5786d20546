import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROBLEMS_MAX } from '#core/policy/problems.ts';
import { POLICY_CHARACTERS_MAX, textProblems } from '#core/policy/yaml-text.ts';

test('R14: textProblems() finds characters that show one thing and say another, each with its place', () => {
  const found = textProblems('ok: ä 😀\r\n# \u202e\n\na: \u2066\u200b\n').map(({ line, column }) => [line, column]);
  assert.deepEqual(found, [
    [2, 3],
    [4, 4],
    [4, 5],
  ]);
});

test('textProblems() stops at its maximum', () => {
  assert.equal(textProblems('\u0000'.repeat(10_000)).length, PROBLEMS_MAX);
});

test('textProblems() refuses a text beyond the maximum by its length alone', () => {
  assert.deepEqual(textProblems('x'.repeat(POLICY_CHARACTERS_MAX)), []);
  assert.equal(textProblems('\0'.repeat(POLICY_CHARACTERS_MAX + 1)).length, 1);
});
