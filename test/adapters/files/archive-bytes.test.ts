import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { readAt, readU64 } from '#adapters/files/archive-bytes.ts';
import { put } from './zip-cases.ts';
import { u64 } from './zip-maker.ts';

test('readAt() gives all of the bytes or none', (t) => {
  const fd = openSync(put(t, Buffer.from('abcdef')), 'r');
  t.after(() => closeSync(fd));
  assert.equal(readAt(fd, 2, 3).toString(), 'cde');
  assert.equal(readAt(fd, 6, 0).length, 0);
  for (const [position, bytes] of [
    [4, 3],
    [6, 1],
    [-1, 1],
    [2 ** 52, 1],
  ] as const)
    assert.throws(() => readAt(fd, position, bytes), { code: 'malformed' });
});

test('readU64() gives what a double holds exactly, and refuses the rest', () => {
  for (const value of [0, 0xffff_ffff, 2 ** 32, Number.MAX_SAFE_INTEGER]) assert.equal(readU64(u64(value), 0), value);
  for (const value of [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])
    assert.throws(() => readU64(u64(value), 0), { code: 'malformed' });
});
