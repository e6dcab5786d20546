import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { startBench } from './bench.ts';
import { type ClaimedFacts, claimsOf } from './claims.ts';
import type { SubjectSetup } from './repositories.ts';

const REPOSITORY = { owner: 'acme', ownerId: 12, name: 'shop', id: 34, defaultBranch: 'main', visibility: 'private' } as const;
const NOT_ASKED = () => assert.fail('not asked for here');

function facts(more: Partial<ClaimedFacts> = {}, subject: SubjectSetup = {}): ClaimedFacts {
  return {
    ...{ repository: { ...REPOSITORY, subject, commit: NOT_ASKED, tag: NOT_ASKED }, event: 'push', ref: 'refs/heads/main' },
    ...{ headRef: '', baseRef: '', sha: 'c0ffee', actor: { login: 'ann', id: 7 }, workflow: 'deploy.yml', environment: null },
    ...{ run: { id: 4711, number: 5, attempt: 2 }, checkRunId: 99, more: {}, ...more },
  };
}

test('claimsOf() says all it says in texts', () => {
  const claims = claimsOf(facts());
  assert.ok(Object.values(claims).every((value) => typeof value === 'string'));
  const { repository_id, repository_owner_id, actor_id, run_id, run_attempt, check_run_id, workflow_ref } = claims;
  assert.deepEqual([repository_id, repository_owner_id, actor_id, run_id, run_attempt, check_run_id], ['34', '12', '7', '4711', '2', '99']);
  assert.equal(workflow_ref, 'acme/shop/.github/workflows/deploy.yml@refs/heads/main');
  assert.ok(!('environment' in claims));
});

const SUBJECTS: readonly (readonly [name: string, sub: string, facts: Partial<ClaimedFacts>, subject?: SubjectSetup])[] = [
  ['a branch', 'repo:acme/shop:ref:refs/heads/main', {}],
  ['a tag', 'repo:acme/shop:ref:refs/tags/v1', { ref: 'refs/tags/v1' }],
  ['a pull request', 'repo:acme/shop:pull_request', { event: 'pull_request', ref: 'refs/pull/1/merge' }],
  ['an environment, before a pull request', 'repo:acme/shop:environment:prod', { event: 'pull_request', environment: 'prod' }],
  ['a colon', 'repo:acme/shop:environment:prod%3Aref%3Arefs/heads/main', { environment: 'prod:ref:refs/heads/main' }],
  ['ids', 'repo:acme@12/shop@34:ref:refs/heads/main', {}, { immutable: true }],
  ['ids of an environment', 'repo:acme@12/shop@34:environment:prod', { environment: 'prod' }, { immutable: true }],
  ['a template', 'repository_owner:acme:run_attempt:2', {}, { includeClaimKeys: ['repository_owner', 'run_attempt'] }],
  [
    'a template with its parts',
    'repo:acme/shop:ref:refs/heads/main:actor:a%3Ab',
    { actor: { login: 'a:b', id: 7 } },
    { includeClaimKeys: ['repo', 'context', 'actor'] },
  ],
  ['a text of its own', 'anything', { more: { sub: 'anything' } }],
];
describe('claimsOf() makes a sub of', () => {
  for (const [name, sub, more, subject] of SUBJECTS) {
    it(name, () => assert.equal(claimsOf(facts(more, subject))['sub'], sub));
  }
});

test('claimsOf() names an environment as it is, and knows a tag', () => {
  const { environment, ref_type } = claimsOf(facts({ environment: 'a:b', ref: 'refs/tags/v1' }));
  assert.deepEqual([environment, ref_type], ['a:b', 'tag']);
});

test('a job tells its runner what its token says', async (t) => {
  const { github, repository, job } = await startBench(t);
  const environment = job.environment();
  for (const [name, value] of Object.entries(job.claims)) {
    const said = environment[`GITHUB_${name.toUpperCase()}`];
    assert.ok(said === undefined || said === value, name);
  }
  assert.equal(job.claims['sha'], repository.commit('other', {}) && environment['GITHUB_SHA']);
  const pull = github.startJob({ repository, event: 'pull_request', fork: true });
  const { GITHUB_REF, GITHUB_HEAD_REF, GITHUB_BASE_REF } = pull.environment();
  assert.deepEqual([GITHUB_REF, GITHUB_HEAD_REF, GITHUB_BASE_REF], ['refs/pull/1/merge', 'patch-1', 'main']);
});

test('jobs are of runs of their own, of one run, or of another attempt at it', async (t) => {
  const { github, repository, job } = await startBench(t);
  const [other, sibling, again] = [
    github.startJob({ repository }),
    github.startJob({ repository, sameRunAs: job }),
    github.startJob({ repository, sameRunAs: job, attempt: 2 }),
  ];
  assert.notEqual(other.claims['run_id'], job.claims['run_id']);
  assert.deepEqual([sibling.claims['run_id'], again.claims['run_id']], [job.claims['run_id'], job.claims['run_id']]);
  assert.deepEqual([sibling.claims['run_attempt'], again.claims['run_attempt']], ['1', '2']);
  assert.equal(new Set([job, other, sibling, again].map(({ claims }) => claims['check_run_id'])).size, 4);
  assert.match(job.token, /^ghs_[A-Za-z0-9._-]{500,560}$/);
});
