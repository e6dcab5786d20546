import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLAIM_CHARACTERS_MAX, claimGlobFault, ISSUER, isLoopbackIssuer, matchesClaim } from '#core/policy/claim-glob.ts';
import type { ClaimName } from '#core/policy/policy.ts';

const CASES: readonly (readonly [claim: ClaimName, globs: readonly string[], values: readonly string[], matches: boolean])[] = [
  ['repository', ['acme/shop'], ['acme/shop'], true],
  ['repository', ['acme/shop'], ['ACME/Shop'], true],
  ['repository', ['acme/*', '!acme/secret'], ['acme/Secret'], false],
  ['repository', ['acme/*'], ['acme-evil/shop'], false],
  ['repository', ['acme/*'], ['acme/shop/x'], false],
  ['ref', ['refs/heads/main'], ['refs/heads/Main'], false],
  ['ref', ['refs/heads/*'], ['refs/heads/feature/x'], false],
  ['ref', ['refs/heads/**'], ['refs/heads/feature/x'], true],
  ['workflow-ref', ['acme/shop/.github/workflows/*@refs/heads/main'], ['acme/shop/.github/workflows/a.yml@refs/heads/main'], true],
  // A branch may be named so that the whole ends like the trusted one.
  [
    'workflow-ref',
    ['acme/shop/.github/workflows/*@refs/heads/main'],
    ['acme/shop/.github/workflows/evil.yml@refs/heads/a@refs/heads/main'],
    false,
  ],
  ['groups', ['dev', '!contractor'], ['dev', 'ops'], true],
  ['groups', ['*', '!contractor'], ['dev', 'contractor'], false],
  ['groups', ['dev'], [], false],
  ['event', ['push'], ['push\n'], false],
  ['ref', ['**'], ['refs/heads/../main'], false],
  ['ref', ['**'], ['refs//heads'], false],
  ['ref', ['**'], ['refs/heads/'], false],
  ['ref', ['**'], [''], false],
  ['actor', ['*'], ['a'.repeat(CLAIM_CHARACTERS_MAX + 1)], false],
  ['actor', ['#x'], ['#x'], true],
  ['issuer', ['local'], ['local'], true],
  ['issuer', ['local'], ['LOCAL'], false],
  ['issuer', ['*'], ['local'], false],
];

test('matchesClaim() matches whole claims, strictly', () => {
  for (const [claim, globs, values, expected] of CASES) {
    assert.equal(matchesClaim(claim, globs, values), expected, `${claim} ${globs.join(' ')} on ${JSON.stringify(values).slice(0, 80)}`);
  }
});

test('claimGlobFault() finds globs that match no true claim', () => {
  assert.equal(claimGlobFault('repository', 'acme/*'), null);
  assert.equal(claimGlobFault('repository', '**'), null);
  assert.match(claimGlobFault('repository', 'shop') ?? '', /owner\/name/);
  assert.match(claimGlobFault('repository', '*') ?? '', /owner\/name/);
  assert.match(claimGlobFault('ref', 'main') ?? '', /refs\//);
  assert.equal(claimGlobFault('ref', '!refs/heads/x'), null);
  assert.notEqual(claimGlobFault('actor', '{a'), null);
});

const ISSUERS: readonly (readonly [issuer: string, legal: boolean, loopback: boolean])[] = [
  ['local', true, false],
  ['https://token.actions.githubusercontent.com', true, false],
  ['https://token.actions.githubusercontent.com/acme', true, false],
  ['https://ghe.example:8443/_services/token', true, false],
  ['http://127.0.0.1:4711', true, true],
  ['http://127.0.0.1:4711/oidc', true, true],
  ['http://localhost:4711/oidc', true, true],
  ['http://localhost', true, true],
  ['https://localhost:4711', true, false],
  ['http://127.0.0.1.evil.example', false, false],
  ['http://localhost.evil.example', false, false],
  ['http://127.0.0.1@evil.example', false, false],
  ['http://127.0.0.1:4711@evil.example', false, false],
  ['http://127.0.0.1:4711/', false, false],
  ['http://127.0.0.1:4711/a//b', false, false],
  ['http://127.0.0.2:4711', false, false],
  ['http://evil.example', false, false],
  ['http://[::1]:4711', false, false],
  ['HTTP://127.0.0.1', false, false],
  ['https://a.example/x?y', false, false],
  ['https://a.example\nhttps://b.example', false, false],
];

test('ISSUER takes https everywhere, and plain http on this machine alone', () => {
  for (const [issuer, legal, loopback] of ISSUERS) {
    assert.equal(ISSUER.test(issuer), legal, issuer);
    assert.equal(isLoopbackIssuer(issuer), loopback, issuer);
  }
});
