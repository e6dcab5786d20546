import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigningKey, type SigningKey, signSelfContained } from '#control/keys.ts';
import { LOCAL_TOKEN_SECONDS_MAX, mintLocalToken } from '#control/local-token.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { identify } from '#gateway/identify.ts';
import { Nonces } from '#gateway/nonces.ts';

const NOW_MS = 1_700_000_000_000;
const JTI = 'a-jti-of-enough-length';

function setUp() {
  const evidence = createSigningKey();
  const key = createSigningKey();
  let count = 0;
  const nonces = new Nonces(() => `nonce-number-${count++}`);
  const setup = { gateway: evidence.thumbprint, evidenceKey: evidence.thumbprint, nonces, user: 'somebody', nowMs: () => NOW_MS };
  const audience = (but: Partial<Parameters<typeof sessionAudience>[0]> = {}) =>
    sessionAudience({ gateway: setup.gateway, nonce: nonces.issue(), clientKey: key.thumbprint, evidenceKey: setup.evidenceKey, ...but });
  return { setup, key, audience, nonces };
}

const mint = (key: SigningKey, audience: string, user = 'somebody') => mintLocalToken(key, { user, audience }, NOW_MS, JTI);

test('identify() takes a token made for this gateway, nonce and pair of keys (R2)', async () => {
  const { setup, key, audience } = setUp();
  const token = await mint(key, audience());
  const identity = await identify(setup, token, key.thumbprint);
  assert.deepEqual([identity.issuer, identity.principal, identity.nonce], ['local', 'local:somebody', 'nonce-number-0']);
  assert.deepEqual(identity.claims, { issuer: 'local', actor: 'somebody' });
  assert.equal(identity.tokenClaims['iat'], String(NOW_MS / 1000));
});

test('identify() takes a token once: its nonce is used up', async () => {
  const { setup, key, audience } = setUp();
  const token = await mint(key, audience());
  await identify(setup, token, key.thumbprint);
  await assert.rejects(identify(setup, token, key.thumbprint), { code: 'unauthenticated', message: /used up/ });
});

const AUDIENCES: readonly { name: string; but: Partial<Parameters<typeof sessionAudience>[0]> }[] = [
  { name: 'another gateway', but: { gateway: 'another' } },
  { name: 'a nonce that was never given', but: { nonce: 'nonce-of-somebody-else' } },
  { name: 'another client key', but: { clientKey: 'A'.repeat(43) } },
  { name: 'another evidence key', but: { evidenceKey: 'A'.repeat(43) } },
];

for (const { name, but } of AUDIENCES) {
  test(`identify() refuses a token for ${name}`, async () => {
    const { setup, key, audience } = setUp();
    await assert.rejects(identify(setup, await mint(key, audience(but)), key.thumbprint), { code: 'unauthenticated' });
  });
}

test('identify() refuses an audience with another field', async () => {
  const { setup, key, audience } = setUp();
  await assert.rejects(identify(setup, await mint(key, `${audience()}:more`), key.thumbprint), { code: 'unauthenticated' });
});

test('identify() refuses a token of another key than the request', async () => {
  const { setup, key, audience } = setUp();
  const token = await mint(key, audience());
  await assert.rejects(identify(setup, token, createSigningKey().thumbprint), { code: 'unauthenticated' });
});

test('identify() refuses another user than its own', async () => {
  const { setup, key, audience } = setUp();
  await assert.rejects(identify(setup, await mint(key, audience(), 'root'), key.thumbprint), {
    code: 'unauthenticated',
    message: /another user/,
  });
});

test('identify() refuses an expired token', async () => {
  const { setup, key, audience } = setUp();
  const token = await mint(key, audience());
  const later = { ...setup, nowMs: () => NOW_MS + LOCAL_TOKEN_SECONDS_MAX * 1000 };
  await assert.rejects(identify(later, token, key.thumbprint), { code: 'unauthenticated' });
});

test('identify() refuses a token of another issuer, signed as well as any', async () => {
  const { setup, key, audience } = setUp();
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'somebody',
    aud: audience(),
    iat: NOW_MS / 1000,
    exp: NOW_MS / 1000 + 100,
    jti: JTI,
  };
  await assert.rejects(identify(setup, await signSelfContained(key, 'JWT', claims), key.thumbprint), { code: 'unauthenticated' });
});

test('identify() leaves the nonce to its owner when a token is refused', async () => {
  const { setup, key, audience } = setUp();
  const token = await mint(key, audience());
  await assert.rejects(identify(setup, token, createSigningKey().thumbprint));
  await identify(setup, token, key.thumbprint);
});
