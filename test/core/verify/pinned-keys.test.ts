import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signingKeys } from '#core/identity/rsa-key.ts';
import { ISSUER } from '#core/policy/claim-glob.ts';
import { PINNED_KEYS } from '#core/verify/pinned-keys.ts';

test('PINNED_KEYS are keys that a signature may be checked with, each id once, of issuers under https', () => {
  const ids = PINNED_KEYS.map(({ issuer, kid }) => `${issuer} ${kid}`);
  assert.equal(new Set(ids).size, ids.length);
  for (const { issuer, kid, n, e, firstSeen, lastSeen } of PINNED_KEYS) {
    assert.deepEqual(signingKeys([{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }]), [{ kid, n, e }]);
    assert.ok(ISSUER.test(issuer) && issuer.startsWith('https://'), issuer);
    for (const day of [firstSeen, lastSeen]) assert.equal(new Date(day).toISOString().slice(0, 10), day);
    assert.ok(firstSeen <= lastSeen);
  }
});
