import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constantValue, fieldsOf, isSet, isTree, listIn, namePath, openNode, stringNode, textIn, treeIn } from '#core/sql/tree.ts';

test('openNode() takes a Node apart, and nothing else', () => {
  assert.deepEqual(openNode({ String: { sval: 'a' } }), { type: 'String', fields: { sval: 'a' } });
  for (const value of [undefined, null, 'x', 1, [], {}, { a: 1 }, { a: {}, b: {} }]) assert.equal(openNode(value), null);
});

test('fields are read with their defaults', () => {
  const fields = { list: [1], tree: { a: 1 }, text: 'x', yes: true };
  assert.deepEqual([listIn(fields, 'list'), listIn(fields, 'none'), listIn(fields, 'text')], [[1], [], []]);
  assert.deepEqual([treeIn(fields, 'tree'), treeIn(fields, 'list')], [{ a: 1 }, null]);
  assert.deepEqual([textIn(fields, 'text'), textIn(fields, 'none')], ['x', '']);
  assert.deepEqual([isSet(fields, 'yes'), isSet(fields, 'text')], [true, false]);
  assert.deepEqual([isTree({}), isTree([]), isTree(null), isTree(undefined)], [true, false, false, false]);
});

test('fieldsOf() and stringNode() are about one type', () => {
  assert.deepEqual(fieldsOf({ A: { b: 1 } }, 'A'), { b: 1 });
  assert.equal(fieldsOf({ A: { b: 1 } }, 'B'), null);
  assert.equal(stringNode({ String: {} }), '');
  assert.equal(stringNode({ A_Star: {} }), null);
});

test('namePath() is empty when a part is no name', () => {
  assert.deepEqual(namePath([{ String: { sval: 'a' } }, { String: { sval: 'b' } }]), ['a', 'b']);
  assert.deepEqual(namePath([{ String: { sval: 'a' } }, { A_Star: {} }]), []);
});

test('constantValue() gives the value of each kind of constant', () => {
  const cases = [
    [{ A_Const: { sval: { sval: 'a' } } }, 'a'],
    [{ A_Const: { sval: {} } }, ''],
    [{ A_Const: { ival: { ival: 5 } } }, 5],
    [{ A_Const: { ival: {} } }, 0],
    [{ A_Const: { fval: { fval: '1.5' } } }, '1.5'],
    [{ A_Const: { boolval: { boolval: true } } }, true],
    [{ A_Const: { boolval: {} } }, false],
    [{ A_Const: { isnull: true } }, null],
    [{ A_Const: { bsval: { bsval: 'b1' } } }, undefined],
    [{ ColumnRef: {} }, undefined],
  ] as const;
  for (const [node, value] of cases) assert.equal(constantValue(node), value);
});
