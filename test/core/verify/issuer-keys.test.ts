import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IssuerKey, type KnownKeys, pinnedKeys, withKeysFile } from '#core/verify/issuer-keys.ts';
import { PINNED_KEYS } from '#core/verify/pinned-keys.ts';
import { jwkOf, OTHER_RSA_KEY, RSA_KEY } from '#test/fixtures/issuer.ts';

const ISSUER = 'http://127.0.0.1:4711/oidc';
const JWK = jwkOf(RSA_KEY, 'one');
const fileOf = (issuers: unknown) => JSON.stringify({ issuers });

function known(text: string, pinned: readonly IssuerKey[] = []): KnownKeys {
  const keys = withKeysFile(text, pinned);
  return typeof keys === 'string' ? assert.fail(keys) : keys;
}

test('pinnedKeys() finds a key by issuer and id, both exactly', () => {
  const [pin] = PINNED_KEYS;
  assert.ok(pin !== undefined);
  assert.equal(pinnedKeys().find(pin.issuer, pin.kid)?.n, pin.n);
  assert.equal(pinnedKeys().find(`${pin.issuer}/`, pin.kid), null);
  assert.equal(pinnedKeys().find(pin.issuer, pin.kid.toUpperCase()), null);
});

test('withKeysFile() adds keys to the pinned ones, for the issuer that is named and no other', () => {
  const pin = { issuer: 'https://pinned.example', kid: 'one', n: String(JWK.n), e: String(JWK.e) };
  const keys = known(fileOf([{ issuer: ISSUER, keys: [jwkOf(OTHER_RSA_KEY, 'one'), { kty: 'oct', k: 'AAAA', kid: 'two' }] }]), [pin]);
  assert.equal(keys.find(ISSUER, 'one')?.n, jwkOf(OTHER_RSA_KEY, 'one').n);
  assert.equal(keys.find('https://pinned.example', 'one')?.n, JWK.n);
  assert.equal(keys.find(ISSUER, 'two'), null);
  assert.equal(keys.find('https://else.example', 'one'), null);
});

test('R1: withKeysFile() puts no other key in a pinned one’s place', () => {
  const pin = { issuer: ISSUER, kid: 'one', n: String(JWK.n), e: String(JWK.e) };
  assert.match(String(withKeysFile(fileOf([{ issuer: ISSUER, keys: [jwkOf(OTHER_RSA_KEY, 'one')] }]), [pin])), /another key "one"/);
  assert.equal(known(fileOf([{ issuer: ISSUER, keys: [JWK] }]), [pin]).find(ISSUER, 'one')?.n, JWK.n);
});

const REFUSED: readonly (readonly [name: string, text: string, says: RegExp])[] = [
  ['nothing', '', /it is not/],
  ['no JSON', 'keys', /it is not/],
  ['a key set without its issuer', JSON.stringify({ keys: [JWK] }), /it is not/],
  ['more members', JSON.stringify({ issuers: [{ issuer: ISSUER, keys: [JWK] }], more: 1 }), /it is not/],
  ['no issuer', fileOf([]), /it is not/],
  ['no key', fileOf([{ issuer: ISSUER, keys: [] }]), /it is not/],
  ['more keys than anybody has', fileOf([{ issuer: ISSUER, keys: Array.from({ length: 101 }, () => JWK) }]), /it is not/],
  [
    'an issuer twice',
    fileOf([
      { issuer: ISSUER, keys: [JWK] },
      { issuer: ISSUER, keys: [JWK] },
    ]),
    /twice/,
  ],
  ['a member twice', `{"issuers":[],"issuers":[{"issuer":"${ISSUER}","keys":[${JSON.stringify(JWK)}]}]}`, /it is not/],
  ['no key that signs', fileOf([{ issuer: ISSUER, keys: [{ ...JWK, use: 'enc' }] }]), /has no key for "http/],
  ['one id for two keys', fileOf([{ issuer: ISSUER, keys: [JWK, jwkOf(OTHER_RSA_KEY, 'one')] }]), /has no key for "http/],
];

for (const [name, text, says] of REFUSED) {
  test(`withKeysFile() refuses ${name}`, () => {
    const keys = withKeysFile(text);
    assert.match(typeof keys === 'string' ? keys : 'taken', says);
  });
}
