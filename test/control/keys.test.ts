import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { createSigningKey, signSelfContained, verifySelfContained } from '#control/keys.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('createSigningKey() names its key by RFC 7638', async () => {
  const key = createSigningKey();
  assert.equal(key.thumbprint, await calculateJwkThumbprint(key.publicJwk));
  assert.deepEqual(Object.keys(key.publicJwk).sort(), ['crv', 'kty', 'x']);
});

test('verifySelfContained() reads back what signSelfContained() signed', async () => {
  const key = createSigningKey();
  const jws = await signSelfContained(key, 'JWT', { a: 'ü' });
  assert.deepEqual(await verifySelfContained(jws, 'JWT'), { payload: { a: 'ü' }, thumbprint: key.thumbprint });
  assert.equal(await verifySelfContained(jws, 'dpop+jwt'), null);
});

test('verifySelfContained() refuses any character changed', async () => {
  const jws = await signSelfContained(createSigningKey(), 'JWT', { a: 1 });
  await fc.assert(
    fc.asyncProperty(fc.nat(jws.length - 1), fc.constantFrom(...'AZaz09-_.=!'), async (index, character) => {
      fc.pre(jws[index] !== character);
      assert.equal(await verifySelfContained(jws.slice(0, index) + character + jws.slice(index + 1), 'JWT'), null);
    }),
    { numRuns: 100 },
  );
});

test('verifySelfContained() takes any text for what it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => assert.equal(await verifySelfContained(text, 'JWT'), null)),
    { numRuns: 50 },
  );
});

test('verifySelfContained() refuses every header but its own', async () => {
  const key = createSigningKey();
  const other = createSigningKey();
  const jws = await signSelfContained(key, 'JWT', { a: 1 });
  const [, payload, signature] = jws.split('.');
  const jwk = key.publicJwk;
  const headers = [
    { alg: 'none', typ: 'JWT', jwk },
    { alg: 'HS256', typ: 'JWT', jwk },
    { alg: 'EdDSA', typ: 'JWT' },
    { alg: 'EdDSA', typ: 'JWT', jwk: other.publicJwk },
    { alg: 'EdDSA', typ: 'JWT', jwk: { ...jwk, d: 'AAAA' } },
    { alg: 'EdDSA', typ: 'JWT', jwk: { ...jwk, x: `${jwk.x}=` } },
    { alg: 'EdDSA', typ: 'JWT', jwk, crit: ['b64'], b64: false },
    { alg: 'EdDSA', typ: 'JWT', jwk, jku: 'https://elsewhere' },
  ];
  for (const header of headers) assert.equal(await verifySelfContained(`${encode(header)}.${payload}.${signature}`, 'JWT'), null);
});
