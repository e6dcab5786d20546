import assert from 'node:assert/strict';
import { createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import { isRs256SignedBy, publicKeyOf, signingKeys } from '#core/identity/rsa-key.ts';
import { jwkOf, OTHER_RSA_KEY, RSA_KEY, rsaKey } from '#test/fixtures/issuer.ts';

const JWK = jwkOf(RSA_KEY, 'one');
const INPUT = Buffer.from('what was signed');

test('signingKeys() keeps what signs with RS256, and nothing else of it', () => {
  const { n, e } = JWK;
  assert.deepEqual(signingKeys([JWK, { ...JWK, kid: 'two', alg: undefined, x5c: ['…'], d: 'private' }]), [
    { kid: 'one', n, e },
    { kid: 'two', n, e },
  ]);
  assert.deepEqual(signingKeys([]), []);
});

const small = (bits: number) => ({ ...jwkOf(rsaKey(bits), 'small') });
const LEFT_OUT: readonly (readonly [name: string, jwk: unknown])[] = [
  ['a symmetric key', { kty: 'oct', k: 'AAAA', kid: 'one', use: 'sig', alg: 'RS256' }],
  ['a symmetric key for HS256', { kty: 'oct', k: 'AAAA', kid: 'one', use: 'sig', alg: 'HS256' }],
  ['1024 bits', small(1024)],
  ['2047 bits', { ...JWK, n: Buffer.concat([Buffer.from([0x7f]), Buffer.alloc(255, 1)]).toString('base64url') }],
  ['more bits than anybody needs', { ...JWK, n: Buffer.alloc(1025, 0xff).toString('base64url') }],
  ['leading zeros', { ...JWK, n: Buffer.concat([Buffer.alloc(1), Buffer.alloc(256, 0xff)]).toString('base64url') }],
  ['a key for encryption', { ...JWK, use: 'enc' }],
  ['a key for anything', { ...JWK, use: undefined }],
  ['a key for another algorithm', { ...JWK, alg: 'RS512' }],
  ['a key for PSS', { ...JWK, alg: 'PS256' }],
  ['a curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'one', use: 'sig' }],
  ['no id', { ...JWK, kid: undefined }],
  ['exponent 1', { ...JWK, e: 'AQ' }],
  ['exponent 3', { ...JWK, e: 'Aw' }],
  ['an even exponent', { ...JWK, e: 'AQAA' }],
  ['an exponent of five bytes', { ...JWK, e: 'AQAAAAE' }],
  ['padding', { ...JWK, e: 'AQAB=' }],
  ['nothing', null],
  ['a text', 'RSA'],
];

for (const [name, jwk] of LEFT_OUT) {
  test(`signingKeys() leaves out ${name}`, () => {
    assert.deepEqual(signingKeys([jwk]), []);
  });
}

test('signingKeys() leaves out an id that stands for two keys, and keeps one that is said twice', () => {
  assert.deepEqual(signingKeys([JWK, jwkOf(OTHER_RSA_KEY, 'one')]), []);
  assert.equal(signingKeys([JWK, { ...JWK }]).length, 1);
});

test('isRs256SignedBy() takes that key, that text and PKCS #1 v1.5 with SHA-256 alone', () => {
  const [key] = signingKeys([JWK]);
  const [other] = signingKeys([jwkOf(OTHER_RSA_KEY, 'one')]);
  assert.ok(key !== undefined && other !== undefined);
  const signature = sign('RSA-SHA256', INPUT, RSA_KEY);
  assert.equal(isRs256SignedBy(key, INPUT, signature), true);
  assert.equal(isRs256SignedBy(other, INPUT, signature), false);
  assert.equal(isRs256SignedBy(key, Buffer.from('what was not'), signature), false);
  assert.equal(isRs256SignedBy(key, INPUT, sign('RSA-SHA512', INPUT, RSA_KEY)), false);
  for (const bad of [Buffer.alloc(0), Buffer.alloc(256), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])])
    assert.equal(isRs256SignedBy(key, INPUT, bad), false);
  assert.equal(isRs256SignedBy({ ...key, n: 'AA' }, INPUT, signature), false);
});

test('publicKeyOf() gives the key back', () => {
  const [key] = signingKeys([JWK]);
  assert.ok(key !== undefined);
  assert.equal(publicKeyOf(key).equals(createPublicKey(RSA_KEY)), true);
});
