import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginning, cutText, cutTexts, TEXT_CHARACTERS_MAX, TEXTS_MAX } from '#report/cut.ts';

test('cutText() leaves what fits, and says how long the rest was', () => {
  const fits = 'x'.repeat(TEXT_CHARACTERS_MAX);
  assert.equal(cutText(fits), fits);
  assert.equal(cutText(`${fits}y`), `${fits}… (${TEXT_CHARACTERS_MAX + 1} characters)`);
  assert.equal(cutText('abc', 2), 'ab… (3 characters)');
});

test('cutTexts() says how many more there are', () => {
  const fit = Array.from({ length: TEXTS_MAX }, (_, n) => `${n}`);
  assert.deepEqual(cutTexts(fit), fit);
  assert.deepEqual(cutTexts([...fit, 'a', 'b']), [...fit, '… and 2 more']);
});

test('beginning() leaves no half of a character', () => {
  assert.equal(beginning('a\u{1f600}b', 2), 'a');
  assert.equal(beginning('a\u{1f600}b', 3), 'a\u{1f600}');
});
