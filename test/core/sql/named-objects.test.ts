import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedObject, objectWord } from '#core/sql/named-objects.ts';
import type { TreeValue } from '#core/sql/tree.ts';

const names = (...parts: string[]): TreeValue[] => parts.map((sval) => ({ String: { sval } }));

test('namedObject() reads a name in each of its forms', () => {
  const list = { List: { items: names('s', 't') } };
  assert.deepEqual(namedObject('OBJECT_TABLE', list), { relation: { schema: 's', name: 't' } });
  assert.deepEqual(namedObject('OBJECT_TABLE', { RangeVar: { relname: 't' } }), { relation: { schema: null, name: 't' } });
  assert.deepEqual(namedObject('OBJECT_COLUMN', list), { relation: { schema: null, name: 's' } });
  assert.deepEqual(namedObject('OBJECT_FUNCTION', { ObjectWithArgs: { objname: names('f') } }), {
    object: { kind: 'function', path: ['?', 'f'] },
  });
  assert.deepEqual(namedObject('OBJECT_SCHEMA', { String: { sval: 's' } }), { object: { kind: 'other', what: 'schema', name: 's' } });
  assert.deepEqual(namedObject('OBJECT_TYPE', { TypeName: { names: names('s', 't') } }), {
    object: { kind: 'other', what: 'type', name: 's.t' },
  });
  assert.deepEqual(namedObject('OBJECT_ROLE', { RoleSpec: { rolename: 'r' } }), { object: { kind: 'other', what: 'role', name: 'r' } });
  assert.deepEqual(namedObject('OBJECT_ROLE', 'r'), { object: { kind: 'other', what: 'role', name: 'r' } });
  assert.deepEqual(namedObject('OBJECT_LARGEOBJECT', { Integer: { ival: 1 } }), {
    object: { kind: 'other', what: 'largeobject', name: '?' },
  });
});

test('objectWord() is PostgreSQL’s word', () => {
  assert.equal(objectWord('OBJECT_FOREIGN_TABLE'), 'foreign table');
});
