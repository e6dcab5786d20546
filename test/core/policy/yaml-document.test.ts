import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NESTING_MAX, readYaml } from '#core/policy/yaml-document.ts';
import { POLICY_CHARACTERS_MAX } from '#core/policy/yaml-text.ts';

function problems(text: string): readonly string[] {
  const reading = readYaml(text);
  return (reading.ok ? reading.data.problems : reading.problems).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const HOSTILE: readonly (readonly [text: string, says: RegExp])[] = [
  ['a: 1\nb: 2\na: 3\n', /^3:1 key "a" appears twice/],
  ['a: &x 1\nb: *x\n', /^1:7 has an anchor/],
  ['a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n', /has an anchor/],
  ['a: *missing\n', /alias/],
  ['a: !!str 1\n', /has a tag/],
  ['a: !custom 1\n', /tag/],
  ['--- \na: 1\n---\nb: 2\n', /^3:1 a second YAML document/],
  ['%YAML 1.1\n---\non: yes\n', /directive/],
  ['1: a\n', /not text/],
  ['[a, b]: c\n', /not text/],
  ['? {a: b}\n: c\n', /not text/],
  ['a:\n\tb: 1\n', /^2:1 .*tab/],
  ['a: [1, 2\n', /missing|indentation|belong/],
  ['a: "open\n', /missing/],
  ['__proto__: 1\n', /not a name/],
  ['a: {}\r# x\nb: 1\n', /U\+000D/],
  ['a: "\u202Eabc"\n', /^1:5 .*U\+202E/],
  ['a: x\n\nb: y\u200B\n', /^3:5 .*U\+200B/],
  ['a: \u0007\n', /U\+0007/],
  [`${'['.repeat(NESTING_MAX + 2)}${']'.repeat(NESTING_MAX + 2)}`, /nested deeper/],
  ['['.repeat(100_000), /nested|missing|deep/],
  [`a: ${'x'.repeat(POLICY_CHARACTERS_MAX)}`, /expected at most 1048576/],
];

test('readYaml() refuses what says something other than it shows, with its place', () => {
  for (const [text, says] of HOSTILE) {
    const said = problems(text);
    assert.ok(
      said.some((line) => says.test(line)),
      `${JSON.stringify(text.slice(0, 40))} said ${said.join(' | ')}`,
    );
  }
});

test('readYaml() gives plain data, and the place of each key and value', () => {
  const reading = readYaml('a:\n  b: [x, y]\n  c:\n');
  assert.ok(reading.ok);
  assert.deepEqual(reading.data.value, { a: { b: ['x', 'y'], c: null } });
  assert.deepEqual(reading.data.problems, []);
  const place = (path: readonly (string | number)[], at: 'key' | 'value') => {
    const { line, column } = reading.data.problem({ path, at, message: '' });
    return [line, column];
  };
  assert.deepEqual(place(['a', 'b', 1], 'value'), [2, 10]);
  assert.deepEqual(place(['a', 'b'], 'key'), [2, 3]);
  assert.deepEqual(place(['a', 'missing', 3], 'value'), [1, 1]);
  assert.deepEqual(place([], 'value'), [1, 1]);
});

test('readYaml() accepts a text of the greatest length', () => {
  assert.deepEqual(problems(`a: ${'x'.repeat(POLICY_CHARACTERS_MAX - 3)}`), []);
});

test('readYaml() finds duplicates among many keys without comparing each with each', { timeout: 60_000 }, () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
  assert.deepEqual(problems(`${text}\nk7: 2\n`), ['20001:1 key "k7" appears twice']);
});

test('readYaml() accepts a byte order mark at the start alone', () => {
  assert.deepEqual(problems('\uFEFFa: 1\n'), []);
  assert.equal(problems('a: \uFEFF1\n').length, 1);
});
