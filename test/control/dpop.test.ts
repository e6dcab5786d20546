import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  makeProof,
  PROOF_AGE_SECONDS_MAX,
  PROOF_CHARACTERS_MAX,
  REMEMBERED_PROOFS_MAX,
  ReplayCache,
  targetUri,
  tokenHash,
  verifyProof,
} from '#control/dpop.ts';
import { createSigningKey, signSelfContained } from '#control/keys.ts';

const NOW_MS = 1_700_000_000_000;
const TARGET = { method: 'POST', uri: targetUri('gateway', '/v1/sessions'), token: 'token' };
const JTI = 'a-jti-of-enough-length';

test('tokenHash() is the ath of RFC 9449', () => {
  // RFC 9449, figure 12.
  assert.equal(tokenHash('Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'), 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
});

test('verifyProof() tells who made the proof', async () => {
  const key = createSigningKey();
  const proof = await makeProof(key, TARGET, NOW_MS, JTI);
  assert.deepEqual(await verifyProof(proof, TARGET, NOW_MS), { thumbprint: key.thumbprint, jti: JTI });
});

const AGES: readonly { seconds: number; good: boolean }[] = [
  { seconds: PROOF_AGE_SECONDS_MAX, good: true },
  { seconds: -PROOF_AGE_SECONDS_MAX, good: true },
  { seconds: PROOF_AGE_SECONDS_MAX + 1, good: false },
  { seconds: -PROOF_AGE_SECONDS_MAX - 1, good: false },
];

for (const { seconds, good } of AGES) {
  test(`verifyProof() ${good ? 'takes' : 'refuses'} a proof that is ${seconds} s old`, async () => {
    const proof = await makeProof(createSigningKey(), TARGET, NOW_MS, JTI);
    assert.equal((await verifyProof(proof, TARGET, NOW_MS + seconds * 1000)) !== null, good);
  });
}

const OTHERS: readonly { name: string; target: typeof TARGET | { method: string; uri: string; token: null } }[] = [
  { name: 'another method', target: { ...TARGET, method: 'GET' } },
  { name: 'a path in another case', target: { ...TARGET, uri: TARGET.uri.replace('sessions', 'Sessions') } },
  { name: 'another gateway', target: { ...TARGET, uri: targetUri('gateway2', '/v1/sessions') } },
  { name: 'another token', target: { ...TARGET, token: 'token2' } },
  { name: 'no token', target: { ...TARGET, token: null } },
];

for (const { name, target } of OTHERS) {
  test(`verifyProof() refuses a proof for ${name}`, async () => {
    const proof = await makeProof(createSigningKey(), target, NOW_MS, JTI);
    assert.equal(await verifyProof(proof, TARGET, NOW_MS), null);
    assert.notEqual(await verifyProof(proof, target, NOW_MS), null);
  });
}

const CLAIMS: readonly { name: string; claims: Record<string, unknown> }[] = [
  { name: 'a time as text', claims: { iat: String(NOW_MS / 1000) } },
  { name: 'a broken time', claims: { iat: null } },
  { name: 'a short id', claims: { jti: 'short' } },
  { name: 'a long id', claims: { jti: 'x'.repeat(129) } },
  { name: 'a claim of another kind', claims: { nonce: 'x' } },
];

for (const { name, claims } of CLAIMS) {
  test(`verifyProof() refuses a proof with ${name}`, async () => {
    const good = { htm: TARGET.method, htu: TARGET.uri, iat: NOW_MS / 1000, jti: JTI, ath: tokenHash(TARGET.token) };
    const proof = await signSelfContained(createSigningKey(), 'dpop+jwt', { ...good, ...claims });
    assert.equal(await verifyProof(proof, TARGET, NOW_MS), null);
  });
}

test('verifyProof() reads nothing past its maximum', async () => {
  assert.equal(await verifyProof('x'.repeat(PROOF_CHARACTERS_MAX + 1), TARGET, NOW_MS), null);
});

test('ReplayCache takes each proof once while it could be good', () => {
  const cache = new ReplayCache();
  const proof = { thumbprint: 'a', jti: JTI };
  assert.equal(cache.use(proof, NOW_MS), true);
  assert.equal(cache.use(proof, NOW_MS), false);
  assert.equal(cache.use({ ...proof, thumbprint: 'b' }, NOW_MS), true);
  assert.equal(cache.use(proof, NOW_MS + 2 * PROOF_AGE_SECONDS_MAX * 1000), false);
});

test('ReplayCache refuses what it cannot remember, until the oldest expire (P2)', () => {
  const cache = new ReplayCache();
  for (let index = 0; index < REMEMBERED_PROOFS_MAX; index += 1)
    assert.equal(cache.use({ thumbprint: 'a', jti: String(index) }, NOW_MS), true);
  assert.equal(cache.use({ thumbprint: 'a', jti: 'one more' }, NOW_MS), false);
  assert.equal(cache.use({ thumbprint: 'a', jti: 'one more' }, NOW_MS + 2 * (PROOF_AGE_SECONDS_MAX + 1) * 1000), true);
});
