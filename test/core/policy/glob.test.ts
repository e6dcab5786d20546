import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesGlobs, mayMatchWithin } from '#core/policy/glob.ts';
import { globList } from '#core/policy/glob-text.ts';

const CASES: readonly (readonly [globs: readonly string[], name: string, matches: boolean])[] = [
  [['public.*'], 'public.customers', true],
  [['public.*'], 'private.customers', false],
  [['*'], 'any.thing', true],
  [['public.*', '!public.salaries'], 'public.salaries', false],
  [['public.*', '!public.salaries'], 'public.orders', true],
  [['!public.salaries', 'public.*'], 'public.salaries', false],
  [['public.{a,b}'], 'public.b', true],
  [['public.{a,b}'], 'public.c', false],
  [['{public,logs}.*'], 'logs.x', true],
  [['public.log_[0-9]'], 'public.log_7', true],
  [['public.log_[!0-9]'], 'public.log_7', false],
  [['public.l?g'], 'public.log', true],
  [['public.+(a)'], 'public.a', false],
  [['public.**'], 'public.a', true],
];

test('matchesGlobs() matches each part on its own, negatives taken away', () => {
  for (const [globs, name, expected] of CASES) {
    assert.equal(matchesGlobs(globList(globs, 'relation'), name.split('.')), expected, `${globs.join(' ')} on ${name}`);
  }
});

const SPECIAL_NAMES = ['', '.', '..', '**', 'a/b', '/', '#x', '!x', '.hidden', 'a\nb', 'a b', '{a}', '😀', '\\'];

test('matchesGlobs() lets "*" match any name, however strange', () => {
  const list = globList(['public.*'], 'relation');
  for (const name of SPECIAL_NAMES) assert.equal(matchesGlobs(list, ['public', name]), true, JSON.stringify(name));
});

test('matchesGlobs() matches a quoted name literally, and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom(...SPECIAL_NAMES.slice(1))), fc.string(), (name, other) => {
      fc.pre(!/[\p{Cc}\p{Cs}]/u.test(name));
      const list = globList([`public."${name.replaceAll('"', '""')}"`], 'relation');
      assert.equal(matchesGlobs(list, ['public', name]), true);
      assert.equal(matchesGlobs(list, ['public', other]), other === name);
    }),
    { numRuns: 500 },
  );
});

test('matchesGlobs() takes quoted names within braces literally', () => {
  const list = globList(['public.{"A.{b,c}",d}'], 'relation');
  assert.equal(matchesGlobs(list, ['public', 'A.{b,c}']), true);
  assert.equal(matchesGlobs(list, ['public', 'd']), true);
  assert.equal(matchesGlobs(list, ['public', 'A.b']), false);
});

test('matchesGlobs() matches no path of another length', () => {
  const list = globList(['*.*'], 'relation');
  assert.equal(matchesGlobs(list, ['a']), false);
  assert.equal(matchesGlobs(list, ['a', 'b', 'c']), false);
});

test('matchesGlobs() works through a pattern made to backtrack, on a name of a megabyte', { timeout: 60_000 }, () => {
  const list = globList(['*a*a*a*a*a*a*a*b'], 'whole');
  assert.equal(matchesGlobs(list, ['a'.repeat(1024 * 1024)]), false);
  assert.equal(matchesGlobs(list, [`${'a'.repeat(1024 * 1024)}b`]), true);
});

test('mayMatchWithin() looks at the first part of the positives alone', () => {
  const list = globList(['audit.*', '!audit.log'], 'relation');
  assert.equal(mayMatchWithin(list, 'audit'), true);
  assert.equal(mayMatchWithin(list, 'public'), false);
});
