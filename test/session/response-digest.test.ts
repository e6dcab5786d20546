import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256Hex } from '#core/audit/sha256.ts';
import { ResponseDigest } from '#session/response-digest.ts';

test('ResponseDigest is the hash of the pieces behind one another, however many they are', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 5 }), (pieces) => {
      const digest = new ResponseDigest();
      for (const piece of pieces) digest.update(piece);
      assert.equal(digest.hex(), sha256Hex(Buffer.concat(pieces)));
    }),
    { numRuns: 200, verbose: 1 },
  );
});
