import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GLOB_ALTERNATIVES_MAX } from '#core/policy/glob.ts';
import { GLOB_CHARACTERS_MAX, type GlobShape, parseGlob } from '#core/policy/glob-text.ts';

const SPLITS: readonly (readonly [text: string, shape: GlobShape, parts: readonly string[]])[] = [
  ['public.customers', 'relation', ['public', 'customers']],
  ['public.customers.{email,card}', 'column', ['public', 'customers', '{email,card}']],
  ['{a.b,c}.d', 'relation', ['{a.b,c}', 'd']],
  ['public."Order.Items"', 'relation', ['public', 'Order\\.Items']],
  ['"a""b".c', 'relation', ['a\\"b', 'c']],
  ['a\\.b.c', 'relation', ['a\\.b', 'c']],
  ['*', 'column', ['*', '*', '*']],
  ['db.with.dots', 'whole', ['db.with.dots']],
  ['Upper', 'whole', ['Upper']],
  ['s.[A-Z.]x', 'relation', ['s', '[A-Z.]x']],
];

test('parseGlob() splits at dots outside quotes, braces and classes', () => {
  for (const [text, shape, parts] of SPLITS) assert.deepEqual(parseGlob(text, shape), { ok: true, negative: false, parts }, text);
});

test('parseGlob() reads ! as a negative', () => {
  assert.deepEqual(parseGlob('!a.b', 'relation'), { ok: true, negative: true, parts: ['a', 'b'] });
});

const REFUSED: readonly (readonly [text: string, shape: GlobShape])[] = [
  ['', 'whole'],
  ['!', 'whole'],
  [' a', 'whole'],
  ['a\0b', 'whole'],
  ['a\nb', 'whole'],
  ['\ud800', 'whole'],
  ['a'.repeat(GLOB_CHARACTERS_MAX + 1), 'whole'],
  ['customers', 'relation'],
  ['a.b.c', 'relation'],
  ['a.b', 'column'],
  ['a.', 'relation'],
  ['.a', 'relation'],
  ['public.Customers', 'relation'],
  ['public."open', 'relation'],
  ['public.""', 'relation'],
  ['public.{a,b', 'relation'],
  ['public.a,b}', 'relation'],
  ['public.[ab', 'relation'],
  ['public.[z-a]', 'relation'],
  ['public.a\\', 'relation'],
  [`{1..${GLOB_ALTERNATIVES_MAX + 1}}`, 'whole'],
  ['{a,b}'.repeat(9), 'whole'],
];

test('parseGlob() refuses what could never match, or would mean something else than it shows', () => {
  for (const [text, shape] of REFUSED) assert.equal(parseGlob(text, shape).ok, false, JSON.stringify(text.slice(0, 40)));
});

test('parseGlob() accepts as many alternatives as its maximum', () => {
  assert.equal(parseGlob(`{1..${GLOB_ALTERNATIVES_MAX}}`, 'whole').ok, true);
  assert.equal(parseGlob('{a,b}'.repeat(8), 'whole').ok, true);
});

test('parseGlob() never throws', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab.*?[]{},!"\\/$()|+@^-1 A\u00e4'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.constantFrom<GlobShape>('whole', 'relation', 'column'), (glob, shape) => void parseGlob(glob, shape)),
    { numRuns: 1000 },
  );
});
