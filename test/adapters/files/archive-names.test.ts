import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectoryEntry } from '#adapters/files/archive-directory.ts';
import { requireDistinct } from '#adapters/files/archive-names.ts';

const entries = (names: readonly string[]): DirectoryEntry[] =>
  names.map((name) => ({ name, kind: 'file', bytes: 0, compressed: 0, method: 0, flags: 0, crc: 0, offset: 0 }));

const GOOD = [[], ['a', 'b'], ['a/', 'a/b'], ['a/b', 'a/'], ['a/b', 'a/c', 'a/'], ['a/b/c', 'a/', 'a/b/']];

test('requireDistinct() takes folders that are named, or not, in any order', () => {
  for (const names of GOOD) requireDistinct(entries(names));
});

const TWINS = [
  ['a', 'a'],
  ['a', 'A'],
  ['a/b', 'A/c'],
  ['a/', 'a/'],
  ['a/', 'A/'],
  ['a/b', 'A/'],
  ['a/b', 'a/', 'a/'],
  ['a', 'a/'],
  ['a/', 'a'],
  ['a', 'a/b'],
  ['a/b', 'a'],
  ['a/b', 'c', 'A'],
];

for (const names of TWINS) {
  test(`requireDistinct() refuses ${names.join(' and ')}: two members for some reader (R37)`, () => {
    assert.throws(() => requireDistinct(entries(names)), { name: 'ArchiveFault', code: 'ambiguous' });
  });
}
