import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSTGRES_EFFECTS } from '#core/operation/operation.ts';
import { AllowSchema, BindingSchema, ClaimsSchema, MaskSchema, PolicySchema, TargetSchema } from '#core/policy/schema.ts';

const TARGET = { protocol: 'postgres', address: 'db', database: 'x', user: 'y' };

test('TargetSchema fills in its defaults', () => {
  assert.deepEqual(TargetSchema.parse(TARGET), { ...TARGET, tls: 'verify-full', 'statement-bytes-max': 1024 * 1024 });
});

test('TargetSchema bounds names by what PostgreSQL keeps of them', () => {
  assert.equal(TargetSchema.safeParse({ ...TARGET, database: 'x'.repeat(63) }).success, true);
  assert.equal(TargetSchema.safeParse({ ...TARGET, database: 'x'.repeat(64) }).success, false);
  assert.equal(TargetSchema.safeParse({ ...TARGET, user: 'ü'.repeat(32) }).success, false);
  assert.equal(TargetSchema.safeParse({ ...TARGET, user: 'a\0b' }).success, false);
  assert.equal(TargetSchema.safeParse({ ...TARGET, names: Array.from({ length: 33 }, (_, i) => `n${i}`) }).success, false);
});

test('AllowSchema takes every effect but unknown', () => {
  for (const effect of POSTGRES_EFFECTS) {
    assert.equal(AllowSchema.safeParse({ on: 'db', effects: [effect] }).success, effect !== 'unknown', effect);
  }
});

test('AllowSchema bounds lists and reasons', () => {
  assert.equal(AllowSchema.safeParse({ on: Array.from({ length: 1001 }, () => 'db') }).success, false);
  assert.equal(AllowSchema.safeParse({ on: 'db', reason: 'x'.repeat(501) }).success, false);
  assert.equal(AllowSchema.safeParse({ on: 'db', reason: 'two\nlines' }).success, false);
});

test('MaskSchema wants one of columns and detect', () => {
  assert.equal(MaskSchema.safeParse({ with: 'redact' }).success, false);
  assert.equal(MaskSchema.safeParse({ with: 'redact', columns: 'a.b.c', detect: ['email'] }).success, false);
  assert.deepEqual(MaskSchema.parse({ with: null, columns: 'a.b.c' }), { with: 'null', columns: 'a.b.c' });
});

test('BindingSchema, ClaimsSchema and PolicySchema refuse unknown keys', () => {
  for (const schema of [BindingSchema, ClaimsSchema, PolicySchema]) {
    const result = schema.safeParse({ surprise: 1 });
    assert.ok(!result.success && result.error.issues.some((issue) => issue.code === 'unrecognized_keys'));
  }
});
