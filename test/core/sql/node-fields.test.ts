import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldKinds } from '#core/sql/node-fields.ts';

test('fieldKinds() says how each field is read', () => {
  const fields = fieldKinds('SelectStmt');
  assert.deepEqual(fields?.get('targetList'), { kind: 'nodes' });
  assert.deepEqual(fields?.get('larg'), { kind: 'fixed', type: 'SelectStmt' });
  assert.deepEqual(fields?.get('groupDistinct'), { kind: 'plain' });
  assert.equal(fields?.get('brandNew'), undefined);
});

test('fieldKinds() knows no type that only the analyser makes', () => {
  for (const type of ['Query', 'Var', 'FuncExpr', 'RangeTblEntry', 'PLAssignStmt', 'BrandNewStmt'])
    assert.equal(fieldKinds(type), undefined, type);
});
