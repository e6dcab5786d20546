import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { AT, startBench } from './bench.ts';
import { startGithub } from './github.ts';
import { API_VERSIONS } from './openapi/operations.ts';

const SHOP = '/repos/acme/shop';

test('an answer has the headers that GitHub gives each', async (t) => {
  const { ask } = await startBench(t);
  const { headers } = await ask(SHOP);
  assert.match(headers.get('x-github-request-id') ?? '', /./);
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  const of = (name: string) => headers.get(`x-ratelimit-${name}`);
  assert.deepEqual([of('limit'), of('used'), of('remaining'), of('resource')], ['1000', '1', '999', 'core']);
  assert.ok(Number(of('reset')) * 1000 > Date.now());
});

for (const version of API_VERSIONS) {
  test(`answers in version ${version}`, async (t) => {
    const { ask } = await startBench(t);
    const answer = await ask(SHOP, { 'x-github-api-version': version });
    assert.deepEqual([answer.status, answer.headers.get('x-github-api-version-selected')], [200, version]);
  });
}

const REFUSED: readonly (readonly [name: string, headers: Record<string, string>, status: number, message: RegExp])[] = [
  ['a token that is none', { authorization: 'Bearer none' }, 401, /^Bad credentials$/],
  ['a password', { authorization: 'Basic YTpi' }, 401, /^Bad credentials$/],
  ['an unknown version', { 'x-github-api-version': '2020-01-01' }, 400, /2020-01-01/],
  ['another type', { accept: 'text/html' }, 415, /Must accept 'application\/json'/],
];
describe('refuses', () => {
  for (const [name, headers, status, message] of REFUSED) {
    it(name, async (t) => {
      const { ask } = await startBench(t);
      const answer = await ask(SHOP, headers);
      const body = (await answer.json()) as { readonly message: string; readonly status: string };
      assert.equal(answer.status, status);
      assert.match(body.message, message);
      assert.equal(body.status, String(status));
    });
  }

  it('a request without a User-Agent', async (t) => {
    const { ask } = await startBench(t);
    const answer = await ask(SHOP, { 'user-agent': '' });
    assert.equal(answer.status, 403);
    assert.match(await answer.text(), /make sure your request has a User-Agent header/);
  });

  it('the token of a job that is over, and of one that does not exist', async (t) => {
    const { job, ask } = await startBench(t);
    assert.equal((await ask(SHOP, { authorization: `token ${job.token}` })).status, 200);
    assert.equal((await ask(SHOP, { authorization: `Bearer ${job.runtimeEnvironment()['ACTIONS_RUNTIME_TOKEN']}` })).status, 401);
    job.end();
    assert.equal((await ask(SHOP)).status, 401);
  });
});

describe('shows', () => {
  const CONTENTS = `${SHOP}/contents/README.md`;
  it('a private repository to its own jobs alone, as far as they may read', async (t) => {
    const { github, repository, ask } = await startBench(t);
    const stranger = github.startJob({
      repository: github.addRepository({ owner: 'acme', name: 'other' }),
      permissions: { contents: 'write' },
    });
    const own = github.startJob({ repository, permissions: {} });
    for (const [token, atRepository, atContents] of [
      [stranger.token, 404, 404],
      [own.token, 200, 403],
    ] as const) {
      const authorization = `Bearer ${token}`;
      assert.deepEqual(
        [(await ask(SHOP, { authorization })).status, (await ask(CONTENTS, { authorization })).status],
        [atRepository, atContents],
      );
    }
    const refused = (await (await ask(CONTENTS, { authorization: `Bearer ${own.token}` })).json()) as { readonly message: string };
    assert.equal(refused.message, 'Resource not accessible by integration');
    assert.equal((await fetch(`${github.apiUrl}${SHOP}`, { headers: { 'user-agent': 'x' } })).status, 404);
  });

  it('a public one to all, for reading', async (t) => {
    const { github, ask } = await startBench(t, {}, 'public');
    const stranger = github.startJob({
      repository: github.addRepository({ owner: 'evil', name: 'other' }),
      permissions: { actions: 'write' },
    });
    const authorization = `Bearer ${stranger.token}`;
    assert.equal((await ask(CONTENTS, { authorization })).status, 200);
    assert.equal((await fetch(`${github.apiUrl}${CONTENTS}`, { headers: { 'user-agent': 'x' } })).status, 200);
    assert.equal((await ask(`${SHOP}/actions/artifacts/1`, { authorization }, 'DELETE')).status, 403);
  });

  it("a fork's pull request what it may read, whatever the workflow asks for", async (t) => {
    const { github, repository, ask } = await startBench(t);
    const fork = github.startJob({ repository, event: 'pull_request', fork: true, permissions: { contents: 'write', actions: 'write' } });
    const authorization = `Bearer ${fork.token}`;
    assert.equal((await ask(CONTENTS, { authorization })).status, 200);
    assert.equal((await ask(`${SHOP}/actions/artifacts/1`, { authorization }, 'DELETE')).status, 403);
  });

  it('a repository by its name in any letters', async (t) => {
    const { ask } = await startBench(t);
    const body = (await (await ask('/repos/Acme/SHOP')).json()) as { readonly full_name: string };
    assert.equal(body.full_name, 'acme/shop');
  });
});

test('answers 304 to who has it already, and does not count it', async (t) => {
  const { repository, ask } = await startBench(t);
  const path = `${SHOP}/contents/README.md`;
  const etag = (await ask(path)).headers.get('etag') ?? '';
  const again = await ask(path, { 'if-none-match': `"x", ${etag}` });
  assert.deepEqual([again.status, await again.text(), again.headers.get('x-ratelimit-used')], [304, '', '1']);
  repository.commit('main', { 'README.md': 'new' });
  const changed = await ask(path, { 'if-none-match': etag });
  assert.deepEqual([changed.status, changed.headers.get('x-ratelimit-used')], [200, '2']);
});

test('refuses at the limit of its rate, until the hour is over', async (t) => {
  const clock = { ms: Date.now() };
  const { github, repository, ask } = await startBench(t, { rateLimit: 2, nowMs: () => clock.ms });
  const sibling = github.startJob({ repository });
  await ask(SHOP);
  await ask(SHOP, { authorization: `Bearer ${sibling.token}` });
  const refused = await ask(SHOP);
  assert.deepEqual([refused.status, refused.headers.get('x-ratelimit-remaining')], [403, '0']);
  assert.match(await refused.text(), /API rate limit exceeded/);
  assert.equal((await ask('/rate_limit')).status, 200);
  clock.ms += 3_600_000;
  assert.equal((await ask(SHOP)).status, 200);
});

test('fails as planned, for @octokit/rest to see', async (t) => {
  const { github, octokit } = await startBench(t);
  github.fault(({ path }) => path.endsWith(SHOP), {
    status: 403,
    headers: { 'retry-after': '60' },
    body: { message: 'You have exceeded a secondary rate limit.' },
  });
  await assert.rejects(octokit.rest.repos.get(AT), { status: 403, message: /secondary rate limit/ });
  github.fault(() => true, 'drop');
  await assert.rejects(octokit.rest.repos.get(AT), { status: 500 });
  await octokit.rest.repos.get(AT);
});

const UNKNOWN: readonly (readonly [name: string, path: string, method: string, says: RegExp])[] = [
  ['an endpoint', '/repos/acme/shop/everything', 'GET', /GET .*everything: an endpoint that this simulator does not know/],
  ['a method', SHOP, 'DELETE', /DELETE .*shop: an endpoint/],
  ['an endpoint below a known one', `${SHOP}/commits/main/status`, 'GET', /status: an endpoint/],
  ['a parameter', `${SHOP}/contents/a?reff=main`, 'GET', /reff is no parameter of GET .*contents/],
  ['a parameter given twice', `${SHOP}/contents/a?ref=main&ref=other`, 'GET', /ref is no parameter .* or is given twice/],
];
describe('stop() tells of', () => {
  for (const [name, path, method, says] of UNKNOWN) {
    it(`${name} that GitHub would not have been asked for`, async () => {
      const github = await startGithub();
      const job = github.startJob({ repository: github.addRepository({ owner: 'acme', name: 'shop' }), permissions: { contents: 'read' } });
      await fetch(`${github.apiUrl}${path}`, { method, headers: { authorization: `Bearer ${job.token}`, 'user-agent': 'x' } });
      await assert.rejects(github.stop(), says);
    });
  }

  it('an answer that GitHub would not have given', async () => {
    const github = await startGithub();
    const job = github.startJob({
      repository: github.addRepository({ owner: 'acme', name: 'shop', defaultBranch: null as unknown as string }),
    });
    await fetch(`${github.apiUrl}${SHOP}`, { headers: { authorization: `Bearer ${job.token}`, 'user-agent': 'x' } });
    await assert.rejects(github.stop(), /The answer is not GitHub's: .*default_branch must be string/);
  });
});
