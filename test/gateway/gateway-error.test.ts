import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, GatewayError } from '#gateway/gateway-error.ts';

test('errorCode() tells the code of an error and nothing else of it', () => {
  assert.equal(errorCode(Object.assign(new Error('/home/somebody'), { code: 'ENOENT' })), 'ENOENT');
  for (const other of [new Error('hunter2'), 'hunter2', null, Object.assign(new Error('x'), { code: 5 })]) {
    assert.equal(errorCode(other), 'unknown fault');
  }
  assert.equal(errorCode(new GatewayError('policy', 'x')), 'policy');
});

test('GatewayError has problems where it is given some', () => {
  assert.deepEqual(new GatewayError('policy', 'x').problems, []);
  const problems = [{ line: 1, column: 2, message: 'why' }];
  assert.deepEqual(new GatewayError('policy', 'x', { problems }).problems, problems);
});
