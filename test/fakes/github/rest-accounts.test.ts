import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBench } from './bench.ts';

test('GET user knows who owns and who starts, in any letters', async (t) => {
  const { octokit, repository, job } = await startBench(t);
  const owner = (await octokit.rest.users.getByUsername({ username: 'ACME' })).data;
  assert.deepEqual([owner.login, owner.id, owner.type], ['acme', repository.ownerId, 'Organization']);
  const actor = (await octokit.rest.users.getByUsername({ username: 'developer' })).data;
  assert.deepEqual([String(actor.id), actor.type], [job.claims['actor_id'], 'User']);
  await assert.rejects(octokit.rest.users.getByUsername({ username: 'nobody' }), { status: 404 });
});

test('GET org knows organisations alone', async (t) => {
  const { octokit, repository } = await startBench(t);
  const { data } = await octokit.rest.orgs.get({ org: 'acme' });
  assert.deepEqual([data.login, data.id], ['acme', repository.ownerId]);
  await assert.rejects(octokit.rest.orgs.get({ org: 'developer' }), { status: 404 });
});

test('GET rate_limit costs nothing, and is less in a later version', async (t) => {
  const { octokit, ask } = await startBench(t, { rateLimit: 10 });
  await octokit.rest.users.getByUsername({ username: 'acme' });
  const { data } = await octokit.rest.rateLimit.get();
  assert.deepEqual([data.resources.core.limit, data.resources.core.used, data.rate.remaining], [10, 1, 9]);
  const later = (await (await ask('/rate_limit', { 'x-github-api-version': '2026-03-10' })).json()) as object;
  assert.deepEqual(Object.keys(later), ['resources']);
});
