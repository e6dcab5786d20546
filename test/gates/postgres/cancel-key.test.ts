import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelKeys } from '#gates/postgres/cancel-key.ts';

test('find() knows a connection by its process and its whole key only', () => {
  const keys = new CancelKeys<string>(10);
  const first = keys.add(4, 'first');
  const second = keys.add(32, 'second');
  assert.equal(keys.find(first.processId, first.key), 'first');
  assert.equal(keys.find(second.processId, second.key), 'second');
  assert.equal(keys.find(first.processId, second.key), null);
  assert.equal(keys.find(second.processId, second.key.subarray(0, 4)), null);
  assert.equal(keys.find(second.processId, Buffer.concat([second.key, Buffer.from([0])])), null);
  assert.equal(keys.find(second.processId, Buffer.alloc(0)), null);
  assert.equal(keys.find(0, Buffer.alloc(4)), null);
  for (let index = 0; index < second.key.length; index++) {
    const changed = Buffer.from(second.key);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.equal(keys.find(second.processId, changed), null, `byte ${index}`);
  }
});

test('add() makes keys of the length asked for, and positive process numbers, none of them twice', () => {
  const keys = new CancelKeys<number>(200);
  const made = Array.from({ length: 200 }, (_, index) => keys.add(index % 2 === 0 ? 4 : 32, index));
  assert.equal(new Set(made.map(({ processId }) => processId)).size, 200);
  assert.equal(new Set(made.map(({ key }) => key.toString('hex'))).size, 200);
  for (const [index, { processId, key }] of made.entries()) {
    assert.ok(processId > 0 && processId <= 0x7fffffff);
    assert.equal(key.length, index % 2 === 0 ? 4 : 32);
  }
});

test('remove() ends a key, and makes room', () => {
  const keys = new CancelKeys<string>(1);
  const key = keys.add(4, 'live');
  assert.throws(() => keys.add(4, 'one too many'));
  keys.remove(key);
  assert.equal(keys.find(key.processId, key.key), null);
  keys.add(4, 'next');
});
