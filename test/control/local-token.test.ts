import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigningKey, signSelfContained } from '#control/keys.ts';
import { LOCAL_TOKEN_SECONDS_MAX, mintLocalToken, verifyLocalToken } from '#control/local-token.ts';

const NOW_MS = 1_700_000_000_000;
const NOW = NOW_MS / 1000;
const JTI = 'a-jti-of-enough-length';
const GOOD = { iss: 'local', sub: 'somebody', aud: 'audience', iat: NOW, exp: NOW + LOCAL_TOKEN_SECONDS_MAX, jti: JTI };

test('verifyLocalToken() reads what mintLocalToken() made', async () => {
  const key = createSigningKey();
  const token = await mintLocalToken(key, { user: 'somebody', audience: 'audience' }, NOW_MS, JTI);
  assert.deepEqual(await verifyLocalToken(token, NOW_MS), { claims: GOOD, thumbprint: key.thumbprint });
});

const WRONG: readonly { name: string; claims: Record<string, unknown>; afterMs?: number }[] = [
  { name: 'of another issuer', claims: { iss: 'https://token.actions.githubusercontent.com' } },
  { name: 'without a user', claims: { sub: '' } },
  { name: 'for several audiences', claims: { aud: ['audience', 'other'] } },
  { name: 'that is expired', claims: {}, afterMs: LOCAL_TOKEN_SECONDS_MAX * 1000 },
  { name: 'from the future', claims: { iat: NOW + 61, exp: NOW + 100 } },
  { name: 'that lives too long', claims: { exp: NOW + LOCAL_TOKEN_SECONDS_MAX + 1 } },
  { name: 'with a short id', claims: { jti: 'short' } },
  { name: 'with another claim', claims: { repository: 'acme/shop' } },
  { name: 'with a time as text', claims: { exp: String(NOW + 100) } },
];

for (const { name, claims, afterMs = 0 } of WRONG) {
  test(`verifyLocalToken() refuses a token ${name}`, async () => {
    const token = await signSelfContained(createSigningKey(), 'JWT', { ...GOOD, ...claims });
    assert.equal(await verifyLocalToken(token, NOW_MS + afterMs), null);
  });
}

test('verifyLocalToken() refuses a proof of possession in its place', async () => {
  assert.equal(await verifyLocalToken(await signSelfContained(createSigningKey(), 'dpop+jwt', GOOD), NOW_MS), null);
});
