import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64url } from '#core/identity/base64url.ts';

test('decodeBase64url() takes each value in one spelling only', () => {
  assert.deepEqual(decodeBase64url('AQI'), Buffer.from([1, 2]));
  assert.deepEqual(decodeBase64url(''), Buffer.alloc(0));
  for (const text of ['AQJ', 'AQI=', 'A', 'AQ I', 'A+/_', 'AQI\n', 'ÄQI', 'A.QI']) assert.equal(decodeBase64url(text), null, text);
});

test('decodeBase64url() undoes the encoding of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual(decodeBase64url(Buffer.from(bytes).toString('base64url')), Buffer.from(bytes));
    }),
    { numRuns: 200, verbose: 1 },
  );
});
