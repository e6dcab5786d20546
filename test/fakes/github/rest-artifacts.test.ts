import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idsOf, store } from './artifact-calls.ts';
import { sha256 } from './artifact-store.ts';
import { AT, bytesOf, octokitOf, startBench } from './bench.ts';

test('GET artifacts of a run lists them in pages, by name, and by age', async (t) => {
  const { octokit, job } = await startBench(t);
  for (const name of ['a', 'b', 'c']) await store(job, name, name);
  const ask = async (more: object) => {
    const { data, headers } = await octokit.rest.actions.listWorkflowRunArtifacts({ ...AT, run_id: Number(job.claims['run_id']), ...more });
    return [data.total_count, data.artifacts.map(({ name }) => name).join(''), headers.link?.replace(/<[^>]*[?&]page=(\d+)[^>]*>/g, '$1')];
  };
  assert.deepEqual(await ask({}), [3, 'cba', undefined]);
  assert.deepEqual(await ask({ direction: 'asc' }), [3, 'abc', undefined]);
  assert.deepEqual(await ask({ name: 'b' }), [1, 'b', undefined]);
  assert.deepEqual(await ask({ per_page: 1 }), [3, 'c', '2; rel="next", 3; rel="last"']);
  assert.deepEqual(await ask({ per_page: 1, page: 2 }), [3, 'b', '1; rel="prev", 3; rel="next", 3; rel="last", 1; rel="first"']);
  assert.deepEqual(await ask({ per_page: 2, page: 2 }), [3, 'a', '1; rel="prev", 1; rel="first"']);
  const pages = await octokit.paginate(octokit.rest.actions.listWorkflowRunArtifacts, {
    ...AT,
    run_id: Number(job.claims['run_id']),
    per_page: 1,
  });
  assert.deepEqual(
    pages.map(({ name }) => name),
    ['c', 'b', 'a'],
  );
});

test('GET artifact says what it is, and of which run', async (t) => {
  const { octokit, job, repository } = await startBench(t);
  await store(job, 'a', 'text', { expires_at: '2999-01-01T00:00:00Z' });
  const [{ id, digest } = assert.fail('no artifact')] = job.artifacts();
  const { data } = await octokit.rest.actions.getArtifact({ ...AT, artifact_id: id });
  assert.deepEqual([data.id, data.name, data.size_in_bytes, data.digest, data.expired], [id, 'a', 4, digest, false]);
  const { workflow_run: run } = data;
  assert.deepEqual(
    [run?.id, run?.repository_id, run?.head_branch, run?.head_sha],
    [Number(job.claims['run_id']), repository.id, 'main', job.claims['sha']],
  );
  assert.ok(Date.parse(data.expires_at ?? '') - Date.parse(data.created_at ?? '') <= 90 * 24 * 60 * 60_000);
});

test('GET artifact as a zip leads to the bytes as they were uploaded, until it expires', async (t) => {
  const clock = { ms: Date.now() };
  const { octokit, job, ask } = await startBench(t, { nowMs: () => clock.ms });
  await store(job, 'page.html', '<p>', { mime_type: 'text/html' });
  const [{ id, digest } = assert.fail('no artifact')] = job.artifacts();
  const path = `/repos/acme/shop/actions/artifacts/${id}/zip`;
  const redirect = await ask(path);
  assert.equal(redirect.status, 302);
  const answer = await octokit.rest.actions.downloadArtifact({ ...AT, artifact_id: id, archive_format: 'zip' });
  assert.equal(sha256(bytesOf(answer)), digest);
  clock.ms += 600_000;
  assert.equal((await fetch(redirect.headers.get('location') ?? '')).status, 403);
  clock.ms += 90 * 24 * 60 * 60_000;
  const gone = await ask(path);
  assert.deepEqual([gone.status, ((await gone.json()) as { readonly message: string }).message], [410, 'Artifact has expired']);
  assert.equal((await octokit.rest.actions.getArtifact({ ...AT, artifact_id: id })).data.expired, true);
});

test('DELETE artifact needs the right to write, and leaves nothing', async (t) => {
  const { octokit, github, repository, job } = await startBench(t);
  await store(job, 'a', 'text');
  const [{ id } = assert.fail('no artifact')] = job.artifacts();
  const reader = octokitOf(github, github.startJob({ repository, permissions: { actions: 'read' } }).token);
  await assert.rejects(reader.rest.actions.deleteArtifact({ ...AT, artifact_id: id }), { status: 403 });
  assert.equal((await octokit.rest.actions.deleteArtifact({ ...AT, artifact_id: id })).status, 204);
  assert.deepEqual(job.artifacts(), []);
  await assert.rejects(octokit.rest.actions.deleteArtifact({ ...AT, artifact_id: id }), { status: 404 });
});

test('artifacts are those of their repository', async (t) => {
  const { octokit, github, job } = await startBench(t);
  const other = github.startJob({ repository: github.addRepository({ owner: 'acme', name: 'other' }), permissions: { actions: 'read' } });
  await store(other, 'a', 'text');
  assert.notEqual(idsOf(other).workflow_run_backend_id, idsOf(job).workflow_run_backend_id);
  const [{ id } = assert.fail('no artifact')] = other.artifacts();
  await assert.rejects(octokit.rest.actions.getArtifact({ ...AT, artifact_id: id }), { status: 404 });
  await assert.rejects(octokit.rest.actions.listWorkflowRunArtifacts({ ...AT, run_id: Number(other.claims['run_id']) }), { status: 404 });
  assert.deepEqual(job.artifacts(), []);
});
