import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Base64url, sha256Hex, startSha256 } from '#core/audit/sha256.ts';

/** FIPS 180-4, the example "abc". */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('sha256Hex() and sha256Base64url() hash text as UTF-8', () => {
  assert.equal(sha256Hex('abc'), ABC);
  assert.equal(sha256Hex('ö'), sha256Hex(Buffer.from([0xc3, 0xb6])));
  assert.equal(sha256Base64url('abc'), Buffer.from(ABC, 'hex').toString('base64url'));
});

test('startSha256() gives the same for any split', () => {
  const running = startSha256();
  for (const piece of ['a', '', 'bc']) running.update(Buffer.from(piece));
  assert.equal(running.hex(), ABC);
});
