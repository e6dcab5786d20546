import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLAIM_CHARACTERS_MAX, claimGlobFault, matchesClaim } from '#core/policy/claim-glob.ts';
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
