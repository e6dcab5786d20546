import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyedHash } from '#core/masking/keyed-hash.ts';

test('keyedHash() is the beginning of HMAC-SHA256 (RFC 4231, test case 2)', () => {
  assert.equal(keyedHash('what do ya want for nothing?', Buffer.from('Jefe')), '5bdcc146bf60754e');
});
