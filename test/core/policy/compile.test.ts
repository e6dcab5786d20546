import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSTGRES_EFFECTS } from '#core/operation/operation.ts';
import { dutyOf } from './build.ts';

test('compilePolicy() reads "*" as every effect but unknown, which a deny may add', () => {
  const duty = dutyOf(
    '{ allow: [ { on: db, effects: ["*"] }, { on: db, effects: ["*", read] }, { on: db } ], deny: [ { on: db, effects: ["*", unknown] } ] }',
  );
  assert.deepEqual(
    duty.allow.map(({ effects }) => effects),
    [null, null, null],
  );
  assert.deepEqual(duty.deny[0]?.effects, new Set(POSTGRES_EFFECTS));
});

test('compilePolicy() keeps negatives apart, and lets a mask without targets be for all', () => {
  const duty = dutyOf(`{ allow: [ { on: db, relations: ["a.*", '!a."B"'] } ], mask: [ { detect: [email], with: fixed } ] }`);
  assert.deepEqual(duty.allow[0]?.relations, { include: [['a', '*']], exclude: [['a', 'B']] });
  assert.deepEqual(duty.mask[0]?.on, { include: [['*']], exclude: [] });
});
