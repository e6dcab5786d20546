import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claims, RepositoryIds } from '#core/policy/policy.ts';
import { identityFault, namesInBindings } from '#core/policy/repository-ids.ts';
import { policyOf } from './build.ts';

const withBindings = (...whens: readonly string[]) =>
  policyOf(`version: 1
targets: { db: { protocol: postgres, address: db, database: shop, user: app } }
duties: { d: { allow: [ { on: db, effects: [read] } ] } }
bindings:
${whens.map((when) => `  - { duties: [d], when: ${when} }`).join('\n')}
`);

test('R4: namesInBindings() lists exact repositories, and owners of the rest, once and in lower case', () => {
  const policy = withBindings(
    '{ repository: Acme/Shop }',
    '{ repository: ["acme/shop", "acme/*", "!acme/secret"] }',
    '{ repository: "{beta,gamma}/{a,b*}" }',
    '{ repository: "**" }',
    '{ repository: "*/tools" }',
    '{ issuer: local, repository: nobody/asks }',
    '{ workflow-ref: "other/place/.github/workflows/x.yml@refs/heads/main" }',
  );
  assert.deepEqual(namesInBindings(policy), {
    repositories: ['acme/secret', 'acme/shop', 'beta/a', 'gamma/a'],
    owners: ['acme', 'beta', 'gamma'],
  });
});

const IDS: RepositoryIds = {
  repositories: new Map([
    ['acme/shop', '34'],
    ['acme/secret', '66'],
    ['acme/hidden', null],
  ]),
  owners: new Map([
    ['acme', '12'],
    ['ghost', null],
  ]),
};
const claimsOf = (repository: string, id: string, owner: string): Claims => ({
  issuer: 'https://x',
  repository,
  'repository-id': id,
  'repository-owner-id': owner,
});

const CASES: readonly (readonly [globs: readonly string[], claims: Claims, fault: string | null])[] = [
  [['acme/shop'], claimsOf('acme/shop', '34', '12'), null],
  [['Acme/SHOP'], claimsOf('acme/Shop', '34', '12'), null],
  // The name was given up, and somebody else made a repository of that name.
  [['acme/shop'], claimsOf('acme/shop', '35', '12'), 'other-repository'],
  [['acme/shop'], claimsOf('acme/shop', '35', '13'), 'other-repository'],
  // The owner's name was given up.
  [['acme/*'], claimsOf('acme/shop', '34', '13'), 'other-repository'],
  [['acme/*'], claimsOf('acme/new', '99', '12'), null],
  [['acme/hidden'], claimsOf('acme/hidden', '1', '12'), 'unknown-repository'],
  [['ghost/*'], claimsOf('ghost/x', '1', '5'), 'unknown-repository'],
  [['never/asked'], claimsOf('never/asked', '1', '5'), 'unknown-repository'],
  // One of several is enough, if it is right.
  [['acme/shop', 'acme/*'], claimsOf('acme/shop', '35', '12'), null],
  [['{acme,ghost}/shop'], claimsOf('acme/shop', '34', '12'), null],
  [['{acme,ghost}/shop'], claimsOf('acme/shop', '35', '12'), 'other-repository'],
  // A pattern for the owner means anybody, and says so in the policy.
  [['**'], claimsOf('any/body', '1', '2'), null],
  [['*/tools'], claimsOf('any/tools', '1', '2'), null],
  // Renamed, it is still the one that is taken out.
  [['acme/*', '!acme/secret'], claimsOf('acme/renamed', '66', '12'), 'other-repository'],
  [['acme/*', '!acme/hidden'], claimsOf('acme/shop', '34', '12'), null],
];

test('R4: identityFault() compares by id what matches by name', () => {
  for (const [globs, claims, fault] of CASES) {
    assert.equal(identityFault(globs, claims, IDS), fault, `${globs.join(' ')} on ${JSON.stringify(claims)}`);
  }
});

test('R4: identityFault() takes no name without an id', () => {
  assert.equal(identityFault(['acme/shop'], { issuer: 'https://x', repository: 'acme/shop' }, IDS), 'other-repository');
  assert.equal(identityFault(['acme/hidden'], { issuer: 'https://x', repository: 'acme/hidden' }, IDS), 'unknown-repository');
  assert.equal(identityFault(['acme/*'], { issuer: 'https://x' }, IDS), 'other-repository');
});
