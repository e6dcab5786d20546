import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError } from '#action/action-error.ts';

test('ActionError carries its code, its words and its cause', () => {
  const cause = new Error('deeper');
  const error = new ActionError('runner', 'Cannot run', { cause });
  assert.deepEqual([error.code, error.message, error.name, error.cause], ['runner', 'Cannot run', 'ActionError', cause]);
});
