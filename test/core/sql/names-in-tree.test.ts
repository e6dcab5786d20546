import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createdRelation, relationOf, relationOfNames, relationOfPath, relationOfText } from '#core/sql/names-in-tree.ts';

test('relationOf() takes schema and name', () => {
  assert.deepEqual(relationOf({ catalogname: 'd', schemaname: 's', relname: 't' }), { schema: 's', name: 't' });
  assert.deepEqual(relationOf({ relname: 't' }), { schema: null, name: 't' });
});

test('createdRelation() puts temporary relations where they go', () => {
  assert.deepEqual(createdRelation({ relname: 't', relpersistence: 't' }), { schema: 'pg_temp', name: 't' });
  assert.deepEqual(createdRelation({ relname: 't', relpersistence: 'u' }), { schema: null, name: 't' });
});

test('relationOfPath() and relationOfNames() read up to three parts', () => {
  assert.deepEqual(relationOfPath(['t']), { schema: null, name: 't' });
  assert.deepEqual(relationOfPath(['d', 's', 't']), { schema: 's', name: 't' });
  assert.equal(relationOfPath([]), null);
  assert.equal(relationOfPath(['a', 'b', 'c', 'd']), null);
  assert.deepEqual(relationOfNames([{ String: { sval: 't' } }]), { schema: null, name: 't' });
  assert.equal(relationOfNames([{ A_Star: {} }]), null);
});

const TEXTS: readonly (readonly [text: string, schema: string | null, name: string | null])[] = [
  ['q', null, 'q'],
  ['S.Q', 's', 'q'],
  ['"S"."q""r"', 'S', 'q"r'],
  [' s . q ', 's', 'q'],
  ['d.s.q', 's', 'q'],
  ['_a$1', null, '_a$1'],
  ['', null, null],
  ['16385', null, null],
  ['s.', null, null],
  ['s q', null, null],
  ['"q', null, null],
  ['""', null, null],
  ['été', null, null],
  ['a'.repeat(64), null, null],
  [`"${'é'.repeat(32)}"`, null, null],
];

for (const [text, schema, name] of TEXTS) {
  test(`relationOfText() ${name === null ? 'gives up on' : 'reads'} ${JSON.stringify(text)}`, () => {
    assert.deepEqual(relationOfText(text), name === null ? null : { schema, name });
  });
}
