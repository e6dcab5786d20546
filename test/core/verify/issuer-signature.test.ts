import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompactJws, parseCompactJws } from '#core/identity/compact-jws.ts';
import { withKeysFile } from '#core/verify/issuer-keys.ts';
import { checkIssuerSignature } from '#core/verify/issuer-signature.ts';
import { HEADER, jwkOf, OTHER_RSA_KEY, RSA_KEY, signToken, signWithPublicKey } from '#test/fixtures/issuer.ts';

const ISSUER = 'https://issuer.example';
const keys = withKeysFile(JSON.stringify({ issuers: [{ issuer: ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] }));
assert.ok(typeof keys !== 'string');

function jws(token: string): CompactJws {
  const parsed = parseCompactJws(token);
  return typeof parsed === 'string' ? assert.fail(parsed) : parsed;
}

test('checkIssuerSignature() goes by keys from outside, of exactly that issuer and id', () => {
  const token = jws(signToken(RSA_KEY, HEADER, { a: 1 }));
  assert.deepEqual(checkIssuerSignature(token, ISSUER, keys), { kind: 'good' });
  assert.deepEqual(checkIssuerSignature(token, `${ISSUER}/`, keys), { kind: 'unknown-key', kid: 'key-one' });
  const other = jws(signToken(RSA_KEY, { ...HEADER, kid: 'key-two' }, { a: 1 }));
  assert.deepEqual(checkIssuerSignature(other, ISSUER, keys), { kind: 'unknown-key', kid: 'key-two' });
});

test('checkIssuerSignature() finds foreign keys, other algorithms, and headers that bring their own', () => {
  const bad = [
    signToken(OTHER_RSA_KEY, HEADER, { a: 1 }),
    signWithPublicKey(RSA_KEY, { ...HEADER, alg: 'HS256' }, { a: 1 }),
    signToken(RSA_KEY, { ...HEADER, alg: 'RS512' }, { a: 1 }),
    signToken(RSA_KEY, { ...HEADER, jwk: jwkOf(RSA_KEY, 'key-one') }, { a: 1 }),
  ];
  for (const token of bad) assert.equal(checkIssuerSignature(jws(token), ISSUER, keys).kind, 'bad');
});
