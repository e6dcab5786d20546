import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import { blockId, blockList, type Called, call, create, idsOf, put, type Said, store, urlOf } from './artifact-calls.ts';
import { sha256 } from './artifact-store.ts';
import { type Bench, startBench } from './bench.ts';
import { type GithubSetup, startGithub } from './github.ts';
import type { FakeJob } from './jobs.ts';

test('an artifact is its blocks in the order of their list, whatever order they came in', async (t) => {
  const { job } = await startBench(t);
  const url = urlOf(await create(job));
  assert.ok((new URL(url).searchParams.get('sig') ?? '').length >= 40);
  for (const index of [2, 0, 1]) assert.equal((await put(`${url}&comp=block&blockid=${blockId(index)}`, `part${index} `)).status, 201);
  assert.equal((await put(`${url}&comp=blocklist`, blockList(0, 1, 2))).status, 201);
  const { status, body } = await call(job, 'FinalizeArtifact', { name: 'a', size: '18' });
  const [artifact = assert.fail('no artifact')] = job.artifacts();
  assert.deepEqual([status, body], [200, { ok: true, artifact_id: String(artifact.id) }]);
  const { content, mimeType, size, digest } = artifact;
  assert.deepEqual([content().toString(), mimeType, size], ['part0 part1 part2 ', 'application/zip', 18]);
  assert.equal(digest, sha256(content()));
});

test('an artifact may be one blob, or empty', async (t) => {
  const { job } = await startBench(t);
  const url = urlOf(await create(job, 'page.html', { mime_type: 'text/html' }));
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'x-ms-blob-content-type': 'text/html' };
  assert.equal((await put(url, '<p>', headers)).status, 201);
  assert.equal((await call(job, 'FinalizeArtifact', { name: 'page.html', size: '3' })).status, 200);
  await create(job, 'empty');
  assert.equal((await call(job, 'FinalizeArtifact', { name: 'empty' })).status, 200);
  assert.deepEqual(
    job.artifacts().map(({ name, mimeType, size }) => [name, mimeType, size]),
    [
      ['page.html', 'text/html', 3],
      ['empty', 'application/zip', 0],
    ],
  );
});

describe('refuses', () => {
  const REFUSED: readonly (readonly [name: string, ask: (bench: Bench) => Promise<Called>, status: number, says: RegExp])[] = [
    [
      'a name that is taken',
      async ({ job }) => (await store(job, 'a', 'x')) && create(job),
      409,
      /an artifact with this name already exists/,
    ],
    ['a name that is being taken', async ({ job }) => (await create(job)) && create(job), 409, /already exists/],
    [
      'a name that another job of the run has taken',
      async ({ github, repository, job }) => (await store(job, 'a', 'x')) && create(github.startJob({ repository, sameRunAs: job })),
      409,
      /already exists/,
    ],
    ['a name with a slash', ({ job }) => create(job, '../a'), 400, /name is not valid/],
    [
      'the place of another job',
      ({ github, repository, job }) =>
        call(github.startJob({ repository, sameRunAs: job }), 'CreateArtifact', { ...idsOf(job), name: 'a', version: 7 }),
      403,
      /another job/,
    ],
    [
      'the place of another run',
      ({ github, repository, job }) => call(github.startJob({ repository }), 'ListArtifacts', idsOf(job)),
      403,
      /another run/,
    ],
    ['a wrong token', ({ job }) => call(job, 'ListArtifacts', {}, { authorization: `Bearer ${job.token}` }), 401, /unauthorized/],
    [
      'the token of a job that is over',
      ({ job }) => {
        job.end();
        return call(job, 'ListArtifacts', {});
      },
      401,
      /unauthorized/,
    ],
    ['to end what was not begun', ({ job }) => call(job, 'FinalizeArtifact', { name: 'a', size: '0' }), 404, /not found/],
    ['a wrong size', async ({ job }) => (await create(job)) && call(job, 'FinalizeArtifact', { name: 'a', size: '1' }), 400, /size/],
    [
      'a wrong digest',
      async ({ job }) => (await create(job)) && call(job, 'FinalizeArtifact', { name: 'a', size: '0', hash: sha256(Buffer.from('x')) }),
      400,
      /hash/,
    ],
  ];
  for (const [name, ask, status, says] of REFUSED) {
    it(name, async (t) => {
      const { status: given, body } = await ask(await startBench(t));
      assert.equal(given, status);
      assert.match(String(body['msg']), says);
      assert.match(String(body['code']), /^[a-z_]+$/);
    });
  }

  it('more than there is room for', async (t) => {
    const { job } = await startBench(t, { storageBytesMax: 3 });
    assert.equal((await store(job, 'a', 'four')).status, 200);
    assert.match(String((await create(job, 'b')).body['msg']), /insufficient usage/);
  });
});

describe('blob storage refuses', () => {
  const REFUSED: readonly (readonly [name: string, ask: (url: string) => Promise<Response>, status: number, code: string])[] = [
    [
      'another signature',
      (url) => put(`${url.replace(/sig=[^&]*/, 'sig=none')}&comp=block&blockid=${blockId(0)}`, 'x'),
      403,
      'AuthenticationFailed',
    ],
    ['no signature', (url) => put(url.replace(/\?.*/, ''), 'x'), 403, 'AuthenticationFailed'],
    ['a block without a name', (url) => put(`${url}&comp=block`, 'x'), 400, 'InvalidBlobOrBlock'],
    [
      'a block with a name of another length',
      async (url) => (await put(`${url}&comp=block&blockid=AAAA`, 'x')) && put(`${url}&comp=block&blockid=AAAAAAAA`, 'x'),
      400,
      'InvalidBlobOrBlock',
    ],
    ['a list of blocks that never came', (url) => put(`${url}&comp=blocklist`, blockList(7)), 400, 'InvalidBlockList'],
    ['a list that is none', (url) => put(`${url}&comp=blocklist`, 'AAAA'), 400, 'InvalidBlockList'],
    ['another kind of blob', (url) => put(url, 'x', { 'x-ms-blob-type': 'PageBlob' }), 400, 'InvalidHeaderValue'],
    [
      'another type',
      (url) => put(`${url}&comp=blocklist`, blockList(), { 'x-ms-blob-content-type': 'text/html' }),
      400,
      'InvalidHeaderValue',
    ],
    ['another operation', (url) => put(`${url}&comp=lease`, ''), 400, 'InvalidQueryParameterValue'],
  ];
  for (const [name, ask, status, code] of REFUSED) {
    it(name, async (t) => {
      const { job } = await startBench(t);
      const answer = await ask(urlOf(await create(job)));
      assert.deepEqual([answer.status, answer.headers.get('x-ms-error-code')], [status, code]);
      assert.match(await answer.text(), new RegExp(`<Code>${code}</Code>`));
    });
  }

  it('an address whose time is over, or whose artifact is finished', async (t) => {
    const clock = { ms: Date.now() };
    const { job } = await startBench(t, { nowMs: () => clock.ms });
    const url = urlOf(await create(job));
    await call(job, 'FinalizeArtifact', { name: 'a' });
    assert.equal((await put(`${url}&comp=block&blockid=${blockId(0)}`, 'x')).status, 404);
    clock.ms += 600_000;
    assert.equal((await put(`${url}&comp=block&blockid=${blockId(0)}`, 'x')).status, 403);
  });
});

describe('jobs of a run', () => {
  async function withSibling(t: TestContext, setup: GithubSetup = {}): Promise<{ job: FakeJob; sibling: FakeJob }> {
    const { github, repository, job } = await startBench(t, setup);
    return { job, sibling: github.startJob({ repository, sameRunAs: job }) };
  }
  const listed = ({ body }: Called) => body['artifacts'] as readonly Said[];

  it('list what the run has, and not what is unfinished', async (t) => {
    const { job, sibling } = await withSibling(t);
    await store(job, 'a', 'x');
    await store(job, 'b', 'y');
    await create(job, 'c');
    const all = listed(await call(sibling, 'ListArtifacts', {}));
    assert.deepEqual(
      all.map(({ name, size, digest, workflow_job_run_backend_id: id }) => [name, size, digest, id]),
      [
        ['a', '1', sha256(Buffer.from('x')), idsOf(job).workflow_job_run_backend_id],
        ['b', '1', sha256(Buffer.from('y')), idsOf(job).workflow_job_run_backend_id],
      ],
    );
    assert.deepEqual(listed(await call(sibling, 'ListArtifacts', { name_filter: 'b' })), all.slice(1));
    assert.deepEqual(listed(await call(sibling, 'ListArtifacts', { id_filter: all[0]?.['database_id'] })), all.slice(0, 1));
  });

  it('read and remove what another of them made', async (t) => {
    const { job, sibling } = await withSibling(t);
    await store(job, 'résumé.txt', 'text', { mime_type: 'text/plain' });
    const named = { ...idsOf(job), name: 'résumé.txt' };
    assert.equal((await call(sibling, 'GetSignedArtifactURL', { ...named, name: 'none' })).status, 404);
    const signed = await call(sibling, 'GetSignedArtifactURL', named);
    const answer = await fetch(String(signed.body['signed_url']));
    assert.deepEqual([await answer.text(), answer.headers.get('content-type')], ['text', 'text/plain']);
    assert.equal(answer.headers.get('content-disposition'), `attachment; filename="r_sum_.txt"; filename*=UTF-8''r%C3%A9sum%C3%A9.txt`);
    const removed = await call(sibling, 'DeleteArtifact', named);
    assert.equal(removed.body['ok'], true);
    assert.deepEqual([job.artifacts(), (await fetch(String(signed.body['signed_url']))).status], [[], 404]);
    assert.equal((await create(job, 'résumé.txt')).status, 200);
  });

  it('find no more what has expired', async (t) => {
    const clock = { ms: Date.parse('2026-11-01T00:00:00Z') };
    const { job } = await withSibling(t, { nowMs: () => clock.ms });
    await store(job, 'short', 'x', { expires_at: '2026-11-02T00:00:00.000000000Z' });
    await store(job, 'long', 'x', { expires_at: '2036-11-02T00:00:00Z' });
    const status = async (name: string) => (await call(job, 'GetSignedArtifactURL', { name })).status;
    assert.deepEqual([await status('short'), await status('long')], [200, 200]);
    clock.ms += 24 * 60 * 60_000;
    assert.deepEqual([await status('short'), await status('long')], [404, 200]);
    clock.ms += 90 * 24 * 60 * 60_000;
    assert.equal(await status('long'), 404);
  });
});

const UNKNOWN: readonly (readonly [name: string, ask: (job: FakeJob) => Promise<unknown>, says: RegExp])[] = [
  ['a call', (job) => call(job, 'MigrateArtifact', {}), /MigrateArtifact: a call that the artifact service does not have/],
  ['a member', (job) => create(job, 'a', { colour: 'red' }), /CreateArtifact: .*colour/s],
  ['a camel-case member', (job) => create(job, 'a', { mimeType: 'text/html' }), /CreateArtifact: .*mimeType/s],
  ['a number that is a number', (job) => call(job, 'FinalizeArtifact', { name: 'a', size: 1 }), /FinalizeArtifact: .*size/s],
  ['what is no JSON', (job) => call(job, 'ListArtifacts', '{'), /ListArtifacts: /],
  ['another type', (job) => call(job, 'ListArtifacts', {}, { 'content-type': 'application/protobuf' }), /not application\/json/],
  [
    'an upload by POST',
    async (job) => fetch(urlOf(await create(job)), { method: 'POST', body: 'x' }),
    /POST .*: not what artifacts are stored or read by/,
  ],
];
describe('stop() tells of', () => {
  for (const [name, ask, says] of UNKNOWN) {
    it(`${name} that the service does not know`, async () => {
      const github = await startGithub();
      await ask(github.startJob({ repository: github.addRepository({ owner: 'acme', name: 'shop' }) }));
      await assert.rejects(github.stop(), says);
    });
  }
});
