import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { type FakeGithub, startGithub } from './github.ts';
import type { FakeJob } from './jobs.ts';
import type { FakeRepository } from './repositories.ts';

/** The toolkit reads the environment of its process: each call gets one of its own. */
async function inAction(env: Record<string, string>, script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env,
  });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

describe('the simulated GitHub', () => {
  let github: FakeGithub;
  let repository: FakeRepository;
  let job: FakeJob;
  const permissions = { 'id-token': 'write', contents: 'read', actions: 'read' } as const;
  before(async () => {
    github = await startGithub();
    repository = github.addRepository({ owner: 'acme', name: 'shop', files: { 'a/b.yml': 'x: 1\n' } });
    job = github.startJob({ repository, permissions });
  });
  after(() => github.stop());
  const octokit = (auth = job.token) =>
    new Octokit({ auth, baseUrl: github.apiUrl, log: { debug() {}, info() {}, warn() {}, error() {} } });
  const mint = (of: FakeJob, audience: string) =>
    inAction(
      of.runtimeEnvironment(),
      `import { getIDToken } from '@actions/core'; console.log(await getIDToken(${JSON.stringify(audience)}));`,
    );
  const keys = () => createRemoteJWKSet(new URL(`${github.issuer}/.well-known/jwks`));

  it("mints, for @actions/core, tokens that the issuer's published keys verify", async () => {
    const token = await mint(job, 'duty-gate:test');
    const { payload } = await jwtVerify(token, keys(), { issuer: github.issuer, audience: 'duty-gate:test', algorithms: ['RS256'] });
    assert.deepEqual(
      [payload['repository'], payload['repository_id'], payload.sub],
      ['acme/shop', String(repository.id), job.claims['sub']],
    );
    assert.ok(
      Object.entries(payload).every(([name, value]) => typeof value === (['iat', 'nbf', 'exp'].includes(name) ? 'number' : 'string')),
    );
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  });

  it('signs with a new key after a rotation, and still publishes the last one', async () => {
    const old = await mint(job, 'a');
    await github.rotateKeys();
    const young = await mint(job, 'a');
    assert.notEqual(decodeProtectedHeader(old).kid, decodeProtectedHeader(young).kid);
    for (const token of [old, young]) await jwtVerify(token, keys(), { audience: 'a' });
  });

  it('gives no means to mint to a job without the permission, or of a fork, and no token once the job is over', async () => {
    for (const setup of [{ permissions: { contents: 'read' } }, { permissions, fork: true }]) {
      assert.ok(!('ACTIONS_ID_TOKEN_REQUEST_URL' in github.startJob({ repository, ...setup }).runtimeEnvironment()));
    }
    const over = github.startJob({ repository, permissions });
    over.end();
    const answer = await fetch(`${over.runtimeEnvironment()['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=a`, {
      headers: { authorization: `Bearer ${over.token}` },
    });
    assert.equal(answer.status, 401);
  });

  it('answers @octokit/rest with a repository, its branch and a file at a commit', async () => {
    const at = { owner: 'acme', repo: 'shop' };
    const { data } = await octokit().rest.repos.get(at);
    assert.deepEqual([data.id, data.owner.id, data.default_branch], [repository.id, repository.ownerId, 'main']);
    const ref = await octokit().rest.git.getRef({ ...at, ref: 'heads/main' });
    const file = await octokit().rest.repos.getContent({ ...at, path: 'a/b.yml', ref: ref.data.object.sha, mediaType: { format: 'raw' } });
    assert.equal(file.data, 'x: 1\n');
    const whole = await octokit().rest.repos.getContent({ ...at, path: 'a/b.yml' });
    assert.equal('content' in whole.data ? Buffer.from(whole.data.content, 'base64').toString() : '', 'x: 1\n');
    assert.equal((await octokit().rest.users.getByUsername({ username: 'acme' })).data.id, repository.ownerId);
  });

  for (const [name, ask, status] of [
    ['a bad token', () => octokit('none').rest.repos.get({ owner: 'acme', repo: 'shop' }), 401],
    ['a repository that is not there', () => octokit().rest.repos.get({ owner: 'acme', repo: 'none' }), 404],
    ['a file that is not there', () => octokit().rest.repos.getContent({ owner: 'acme', repo: 'shop', path: 'none' }), 404],
    [
      'what the token has no permission for',
      () =>
        octokit(github.startJob({ repository, permissions: {} }).token).rest.repos.getContent({
          owner: 'acme',
          repo: 'shop',
          path: 'a/b.yml',
        }),
      403,
    ],
  ] as const) {
    it(`answers ${status} to ${name}`, async () => {
      await assert.rejects(async () => ask(), { status });
    });
  }

  it("keeps another repository's private contents from a job", async () => {
    github.addRepository({ owner: 'acme', name: 'secret', files: { a: 'b' } });
    await assert.rejects(octokit().rest.repos.get({ owner: 'acme', repo: 'secret' }), { status: 404 });
  });

  it('stores what @actions/artifact uploads, and gives the same bytes back through the API, with their digest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dg-artifact-'));
    writeFileSync(join(folder, 'page.html'), '<p>hello');
    const script = `import { DefaultArtifactClient } from '@actions/artifact';
      const client = new DefaultArtifactClient();
      await client.uploadArtifact('bundle', ['page.html'].map((name) => ${JSON.stringify(folder)} + '/' + name), ${JSON.stringify(folder)});
      await client.uploadArtifact('page.html', [${JSON.stringify(join(folder, 'page.html'))}], ${JSON.stringify(folder)}, { skipArchive: true });
      console.log('done');`;
    const env = { ...job.environment(), ...job.runtimeEnvironment(), GITHUB_SERVER_URL: github.serverUrl, GITHUB_WORKSPACE: folder };
    assert.equal(await inAction(env, script), 'done');
    rmSync(folder, { recursive: true });
    const at = { owner: 'acme', repo: 'shop' };
    const { data } = await octokit().rest.actions.listWorkflowRunArtifacts({ ...at, run_id: 1 });
    assert.deepEqual(data.artifacts.map(({ name }) => name).sort(), ['bundle', 'page.html']);
    for (const { id, digest } of data.artifacts) {
      const zip = await octokit().rest.actions.downloadArtifact({ ...at, artifact_id: id, archive_format: 'zip' });
      const bytes = zip.data instanceof ArrayBuffer ? Buffer.from(zip.data) : Buffer.from(String(zip.data));
      assert.equal(digest, `sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    }
  });
});

it('stop() tells of a question that GitHub would not have been asked', async () => {
  const github = await startGithub();
  const job = github.startJob({ repository: github.addRepository({ owner: 'acme', name: 'shop' }), permissions: {} });
  await fetch(`${github.apiUrl}/repos/acme/shop/everything`, { headers: { authorization: `Bearer ${job.token}`, 'user-agent': 'x' } });
  await assert.rejects(github.stop(), /everything: an endpoint that this simulator does not know/);
});
