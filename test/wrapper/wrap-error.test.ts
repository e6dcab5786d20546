import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WrapError } from '#wrapper/wrap-error.ts';

test('WrapError carries its code, its name and its cause', () => {
  const cause = new Error('below');
  const error = new WrapError('set-up', 'Cannot set up: no, expected yes', { cause });
  assert.deepEqual([error.name, error.code, error.message, error.cause], ['WrapError', 'set-up', 'Cannot set up: no, expected yes', cause]);
});
