import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnMasks, detectorsFor, hasColumnMasks, strictest } from '#core/policy/masks.ts';
import { MASK_METHODS } from '#core/policy/policy.ts';
import { dutyOf } from './build.ts';

const DUTY = dutyOf(`
    mask:
      - { on: db, columns: ["public.customers.{email,card}"], with: partial }
      - { columns: ["*.*.card", "!public.stock.card"], with: redact }
      - { detect: [email, jwt], with: hash }
      - { on: db, detect: [email], with: redact }`);

const CUSTOMERS = {
  schema: 'public',
  name: 'customers',
  columns: [
    { attnum: 1, name: 'id' },
    { attnum: 2, name: 'email' },
    { attnum: 4, name: 'card' },
  ],
};

test('columnMasks() gives each masked attribute its strictest method and all its rules', () => {
  assert.deepEqual(
    [...columnMasks(DUTY, 'db', CUSTOMERS)],
    [
      [2, { method: 'partial', rules: ['d.mask[0]'] }],
      [4, { method: 'redact', rules: ['d.mask[0]', 'd.mask[1]'] }],
    ],
  );
  assert.deepEqual([...columnMasks(DUTY, 'other', CUSTOMERS).keys()], [4]);
  assert.equal(columnMasks(DUTY, 'db', { ...CUSTOMERS, name: 'stock' }).size, 0);
});

test('hasColumnMasks() is false where only detectors apply', () => {
  assert.equal(hasColumnMasks(DUTY, 'other'), true);
  assert.equal(hasColumnMasks(dutyOf('{ mask: [ { detect: [email], with: hash } ] }'), 'db'), false);
  assert.equal(hasColumnMasks(dutyOf('{ mask: [ { on: db, columns: "a.b.c", with: hash } ] }'), 'other'), false);
});

test('detectorsFor() gives each detector once, by its strictest method', () => {
  assert.deepEqual(detectorsFor(DUTY, 'db'), [
    { detector: 'email', method: 'redact', rules: ['d.mask[2]', 'd.mask[3]'] },
    { detector: 'jwt', method: 'hash', rules: ['d.mask[2]'] },
  ]);
});

test('strictest() depends on no order and never shows more than any one method', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...MASK_METHODS), { minLength: 1 }), (methods) => {
      assert.equal(strictest(methods), strictest(methods.toReversed()));
      assert.equal(strictest([...methods, 'null']), 'null');
      assert.equal(strictest([...methods, 'partial']), strictest(methods));
    }),
  );
  assert.equal(strictest([]), null);
});
