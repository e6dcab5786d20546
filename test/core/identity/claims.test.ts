import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimStrings } from '#core/identity/claims.ts';

test('claimStrings() keeps strings and writes the rest as canonical JSON', () => {
  const claims = { sub: 'a "b"', iat: 5, admin: true, groups: ['x', { b: 1, a: null }] };
  assert.deepEqual(claimStrings(claims), { sub: 'a "b"', iat: '5', admin: 'true', groups: '["x",{"a":null,"b":1}]' });
});
