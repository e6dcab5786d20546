import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from '#core/policy/duration.ts';

test('parseDuration() reads a number with its unit, and nothing else', () => {
  for (const [text, expected] of [
    ['1s', 1000],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['6h', 21_600_000],
    ['30d', 2_592_000_000],
  ] as const) {
    assert.equal(parseDuration(text), expected, text);
  }
  for (const text of ['', '0s', '01s', '1', 's', '1.5h', '-1s', '1 s', '1S', '1w', '1h30m', '1234567s', '1s\n'])
    assert.equal(parseDuration(text), null, text);
});
