import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AT, startBench } from './bench.ts';

test('GET repository tells its ids and its default branch', async (t) => {
  const { octokit, repository } = await startBench(t);
  const { data } = await octokit.rest.repos.get(AT);
  const { id, full_name, owner, default_branch, visibility } = data;
  assert.deepEqual([id, full_name, owner.id, owner.login], [repository.id, 'acme/shop', repository.ownerId, 'acme']);
  assert.deepEqual([default_branch, visibility, data.private], ['main', 'private', true]);
});

test('GET commit finds it by branch, tag and id, whole or by its id alone', async (t) => {
  const { octokit, repository, ask } = await startBench(t);
  const parent = repository.commit('feature/x', { a: 'a' });
  const sha = repository.commit('feature/x', { a: 'b' });
  repository.tag('v1', sha, 'first');
  for (const ref of ['feature/x', 'heads/feature/x', 'v1', sha]) {
    const { data } = await octokit.rest.repos.getCommit({ ...AT, ref });
    assert.deepEqual([data.sha, data.parents.map((each) => each.sha)], [sha, [parent]]);
  }
  const answer = await ask('/repos/acme/shop/commits/v1', { accept: 'application/vnd.github.sha' });
  assert.deepEqual([await answer.text(), answer.headers.get('content-type')], [sha, 'application/vnd.github.sha; charset=utf-8']);
  await assert.rejects(octokit.rest.repos.getCommit({ ...AT, ref: 'none' }), { status: 422, message: /No commit found for SHA: none/ });
});

test('GET ref answers the commit of a branch, and the tag of an annotated tag', async (t) => {
  const { octokit, repository, ask } = await startBench(t);
  const sha = repository.commit('feature/x', { a: 'b' });
  const tag = repository.tag('v1', sha, 'first');
  const branch = await octokit.rest.git.getRef({ ...AT, ref: 'heads/feature/x' });
  assert.deepEqual([branch.data.ref, branch.data.object.type, branch.data.object.sha], ['refs/heads/feature/x', 'commit', sha]);
  assert.equal((await ask('/repos/acme/shop/git/ref/heads/feature/x')).status, 200);
  const { object } = (await octokit.rest.git.getRef({ ...AT, ref: 'tags/v1' })).data;
  assert.deepEqual([object.type, object.sha], ['tag', tag]);
  const annotated = (await octokit.rest.git.getTag({ ...AT, tag_sha: tag })).data;
  assert.deepEqual([annotated.tag, annotated.message, annotated.object.sha], ['v1', 'first', sha]);
  for (const ref of ['heads/feature', 'feature/x', 'tags/none'])
    await assert.rejects(octokit.rest.git.getRef({ ...AT, ref }), { status: 404 });
  await assert.rejects(octokit.rest.git.getTag({ ...AT, tag_sha: sha }), { status: 404 });
});
