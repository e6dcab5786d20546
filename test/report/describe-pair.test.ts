import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describePair } from '#report/describe-pair.ts';

const CASES: readonly (readonly [object: { readonly kind: string; readonly [name: string]: unknown }, words: string])[] = [
  [{ kind: 'none' }, 'read'],
  [{ kind: 'relation', path: ['public', 'orders'] }, 'read public.orders'],
  [{ kind: 'catalog', path: ['pg_catalog', 'pg_class'] }, 'read pg_catalog.pg_class'],
  [{ kind: 'function', path: ['public', 'f'] }, 'read function public.f'],
  [{ kind: 'setting', name: 'work_mem' }, 'read setting work_mem'],
  [{ kind: 'other', what: 'schema', name: 'app' }, 'read schema app'],
  [{ kind: 'undecidable', why: 'it is dynamic' }, 'read: it is dynamic'],
  [{ kind: 'of-a-later-version', path: ['x'] }, 'read of-a-later-version'],
  // Names that look like other names.
  [{ kind: 'relation', path: ['public.orders'] }, 'read "public.orders"'],
  [{ kind: 'relation', path: ['public', 'Orders'] }, 'read public."Orders"'],
  [{ kind: 'relation', path: ['public', 'a", public.b'] }, 'read public."a"", public.b"'],
  [{ kind: 'relation', path: ['public', 'саfe'] }, 'read public."саfe"'],
  // What no writer of ours writes.
  [{ kind: 'relation' }, 'read of no name'],
  [{ kind: 'relation', path: [] }, 'read of no name'],
  [{ kind: 'relation', path: [7, null] }, 'read of no name.of no name'],
  [{ kind: 'setting', name: {} }, 'read setting of no name'],
  [{ kind: 'other' }, 'read object of no name'],
  [{ kind: 'undecidable', why: 3 }, 'read: nobody can tell'],
];

for (const [object, words] of CASES) {
  test(`describePair() says ${JSON.stringify(words)} of ${JSON.stringify(object)}`, () => {
    assert.equal(describePair({ effect: 'read', object }), words);
  });
}

test('describePair() gives two paths the same words only when they are the same', () => {
  const path = fc.array(fc.oneof(fc.string(), fc.constantFrom('a', 'a.b', '"', '".', '."', 'a"."b')), { minLength: 1, maxLength: 3 });
  const words = (names: readonly string[]) => describePair({ effect: 'read', object: { kind: 'relation', path: names } });
  fc.assert(fc.property(path, path, (one, other) => (words(one) === words(other)) === (JSON.stringify(one) === JSON.stringify(other))));
});
