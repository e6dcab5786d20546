import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf, itemsOf, textsOf } from '#core/policy/loose.ts';

test('entriesOf(), itemsOf() and textsOf() see nothing where the shape is another', () => {
  for (const value of [null, undefined, 5, true]) {
    assert.deepEqual([entriesOf(value), itemsOf(value), textsOf(value, [])], [[], [], []]);
  }
  assert.deepEqual(entriesOf(['a']), []);
  assert.deepEqual(itemsOf({ length: 1 }), []);
});

test('textsOf() takes a text alone or in a list, each with its path', () => {
  assert.deepEqual(textsOf('a', ['x']), [{ text: 'a', path: ['x'] }]);
  assert.deepEqual(textsOf([1, 'b'], ['x']), [{ text: 'b', path: ['x', 1] }]);
});
