import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GithubClaims, parseGithubClaims } from '#core/identity/github-claims.ts';
import { githubClaims } from '#test/fixtures/issuer.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const NOW = 1_700_000_000;
const CLAIMS = githubClaims(ISSUER, NOW, 'aud');

function read(change: Readonly<Record<string, unknown>> = {}): GithubClaims {
  // As JSON would bring it: what is undefined is not there.
  const found = parseGithubClaims(Object.fromEntries(Object.entries({ ...CLAIMS, ...change }).filter(([, value]) => value !== undefined)));
  return typeof found === 'string' ? assert.fail(found) : found;
}

test('parseGithubClaims() reads what bindings ask for, ids as GitHub says them', () => {
  const { claims, principal, jti, audience, issued, expires, notBefore } = read({ environment: 'production' });
  assert.deepEqual(claims, {
    issuer: ISSUER,
    repository: 'acme/shop',
    'repository-id': '34',
    'repository-owner-id': '12',
    ref: 'refs/heads/main',
    'ref-protected': 'true',
    environment: 'production',
    event: 'push',
    actor: 'ann',
    'workflow-ref': 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
    'job-workflow-ref': 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
    'runner-environment': 'github-hosted',
  });
  assert.equal(principal, 'github:ann (acme/shop, run 4711.1)');
  assert.deepEqual([jti, audience, issued, expires, notBefore], ['jti-aud', 'aud', NOW - 2, NOW + 298, NOW - 602]);
});

test('parseGithubClaims() keeps all claims for the record, texts as they are', () => {
  const { record } = read({ repo_property_tier: 'gold', 'repo_property_a-b': ['x', 'y'] });
  assert.equal(record['exp'], String(NOW + 298));
  assert.equal(record['repo_property_tier'], 'gold');
  assert.equal(record['repo_property_a-b'], '["x","y"]');
  assert.equal(Object.keys(record).length, Object.keys(CLAIMS).length + 2);
});

test('parseGithubClaims() takes nothing from the text of sub', () => {
  const { claims } = read({ sub: 'repo:evil/shop:environment:production:ref:refs/heads/main' });
  assert.deepEqual([claims.repository, claims.environment], ['acme/shop', undefined]);
});

test('parseGithubClaims() treats what is empty or left out as absent', () => {
  const { claims, notBefore } = read({ ref: '', environment: '', nbf: undefined, check_run_id: undefined, job_workflow_ref: undefined });
  assert.deepEqual([claims.ref, claims.environment, claims['job-workflow-ref'], notBefore], [undefined, undefined, undefined, null]);
  assert.equal(claims.groups, undefined);
});

const REFUSED: readonly (readonly [name: string, change: Readonly<Record<string, unknown>>, says: RegExp])[] = [
  ['a list of audiences', { aud: ['aud'] }, /aud: is a list/],
  ['no audience', { aud: undefined }, /aud/],
  ['no jti', { jti: undefined }, /jti/],
  ['an empty jti', { jti: '' }, /jti/],
  ['an id that is a number', { repository_id: 34 }, /repository_id/],
  ['an id with a zero in front', { repository_id: '034' }, /repository_id/],
  ['no repository_id', { repository_id: undefined }, /repository_id/],
  ['no repository_owner_id', { repository_owner_id: undefined }, /repository_owner_id/],
  ['no actor_id', { actor_id: undefined }, /actor_id/],
  ['no event', { event_name: undefined }, /event_name/],
  ['a time that is a text', { exp: '1700000298' }, /exp/],
  ['a time that is a fraction', { exp: 1_700_000_298.5 }, /exp/],
  ['a time beyond all times', { exp: Number.POSITIVE_INFINITY }, /exp/],
  ['a repository of another owner', { repository: 'evil/shop' }, /not one of its repository_owner/],
  ['a repository that is a path', { repository: 'acme/shop/x' }, /repository/],
  ['a ref that is a list', { ref: ['refs/heads/main'] }, /ref/],
  ['a claim that is too long', { workflow_ref: 'x'.repeat(5000) }, /workflow_ref/],
  ['a lone surrogate', { workflow: '\ud800' }, /cannot be written/],
  ['absurd depth', { x: JSON.parse('['.repeat(100) + ']'.repeat(100)) }, /cannot be written/],
  ['too many claims', Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`c${index}`, 'x'])), /cannot be written/],
  ['a name that is no word', { 'a b': 'x' }, /cannot be written/],
];

for (const [name, change, says] of REFUSED) {
  test(`parseGithubClaims() refuses ${name}`, () => {
    const found = parseGithubClaims({ ...CLAIMS, ...change });
    assert.match(typeof found === 'string' ? found : 'taken', says);
  });
}

test('parseGithubClaims() refuses a claim that would be a prototype', () => {
  assert.equal(typeof parseGithubClaims(JSON.parse(`${JSON.stringify(CLAIMS).slice(0, -1)},"__proto__":"x"}`)), 'string');
});
