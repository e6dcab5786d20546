import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResolvedRelation } from '#core/sql/resolve.ts';
import { createGateMasks } from '#gates/postgres/target-masks.ts';
import { Narrowing } from '#session/narrowing.ts';
import { dutyOf } from '#test/core/policy/build.ts';

const KEY = Buffer.alloc(32, 7);
const OPEN = dutyOf('{ allow: [ { on: db } ] }');
const COLUMNS = dutyOf('{ mask: [ { on: db, columns: "public.customers.email", with: partial } ] }');
const STRICTER = dutyOf('{ mask: [ { columns: "*.*.email", with: redact } ] }');
const DETECTING = dutyOf('{ mask: [ { detect: [email], with: redact } ] }');
const ELSEWHERE = dutyOf('{ mask: [ { on: "d*", detect: [email], with: redact } ] }');

const RELATION: ResolvedRelation = {
  ...{ oid: 16_500, schema: 'public', name: 'customers', kind: 'r', temporary: false, rules: false, userTriggers: false },
  columns: [{ attnum: 3, name: 'email' }],
};
const TEXT_OID = 25;

test('createGateMasks() masks nothing where no duty does', () => {
  const { masks, forPeople } = createGateMasks(Narrowing.ofSession(OPEN), 'db', KEY);
  assert.deepEqual([masks.masksColumns, masks.detects, masks.generation], [false, false, 0]);
  assert.equal(masks.columnsOf(RELATION).size, 0);
  assert.equal(forPeople('a@b.example'), 'a@b.example');
});

test('createGateMasks() follows a right that is narrowed, by a new generation each time, and only ever adds', () => {
  const right = Narrowing.ofSession(OPEN);
  const { masks, forPeople } = createGateMasks(right, 'db', KEY);
  assert.equal(masks.columnsOf(RELATION).size, 0);
  right.narrow(COLUMNS);
  assert.deepEqual([masks.generation, masks.masksColumns], [1, true]);
  assert.deepEqual([...masks.columnsOf(RELATION)], [[3, 'partial']]);
  assert.equal(masks.columnsOf(RELATION), masks.columnsOf(RELATION));
  right.narrow(STRICTER);
  assert.deepEqual([...masks.columnsOf(RELATION)], [[3, 'redact']]);
  right.narrow(DETECTING);
  assert.deepEqual([masks.generation, masks.detects], [3, true]);
  assert.equal(forPeople('at a@b.example'), 'at ***');
  assert.equal(masks.maskDetected(TEXT_OID, 0, Buffer.from('at a@b.example'))?.toString(), 'at ***');
  assert.deepEqual([...masks.columnsOf(RELATION)], [[3, 'redact']]);
});

test('createGateMasks() keeps to its target', () => {
  const right = Narrowing.ofSession(OPEN);
  const { masks } = createGateMasks(right, 'other', KEY);
  right.narrow(ELSEWHERE);
  assert.equal(masks.detects, false);
});
