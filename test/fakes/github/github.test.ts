import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { sha256 } from './artifact-store.ts';
import { AT, type Bench, bytesOf, runScript, startBench, valueOfScript } from './bench.ts';
import { type GithubSetup, startGithub } from './github.ts';

/** An action's environment, and a folder of its own. */
async function startAction(t: TestContext, setup: GithubSetup = {}): Promise<Bench & { readonly env: Record<string, string> }> {
  const bench = await startBench(t, setup);
  const folder = mkdtempSync(join(tmpdir(), 'dg-github-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { ...bench, env: { ...bench.job.environment(), ...bench.job.runtimeEnvironment(), GITHUB_WORKSPACE: folder } };
}

const CLIENT = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DefaultArtifactClient } from '@actions/artifact';
const root = process.env.GITHUB_WORKSPACE;
const client = new DefaultArtifactClient();
const write = (name, content) => { writeFileSync(root + '/' + name, content); return root + '/' + name; };
const told = (act) => act.then((value) => ({ value }), ({ name, message }) => ({ name, message }));
`;
/** Nine megabytes are two blocks; what is random stays as large in a zip. */
const UPLOAD = `${CLIENT}import { randomBytes } from 'node:crypto';
const zip = await client.uploadArtifact('bundle', [write('a.txt', 'one'), write('b.bin', randomBytes(9 * 1024 * 1024))], root);
const page = await client.uploadArtifact('page.html', [write('page.html', '<p>hello')], root, { skipArchive: true, retentionDays: 7 });
console.log(JSON.stringify([zip, page]));`;

test('stores what @actions/artifact uploads, and gives the same bytes back through the API, with their digest', async (t) => {
  const { env, job, octokit, github } = await startAction(t);
  const told = (await valueOfScript(env, UPLOAD)) as readonly { readonly id: number; readonly digest: string; readonly size: number }[];
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({ ...AT, run_id: Number(job.claims['run_id']), direction: 'asc' });
  assert.deepEqual(
    data.artifacts.map(({ id, digest, size_in_bytes: size }) => ({ size, digest: digest?.replace('sha256:', ''), id })),
    told,
  );
  for (const { id, digest } of data.artifacts) {
    const answer = await octokit.rest.actions.downloadArtifact({ ...AT, artifact_id: id, archive_format: 'zip' });
    assert.equal(sha256(bytesOf(answer)), digest);
  }
  const [zip, page] = job.artifacts();
  assert.deepEqual([zip?.mimeType, page?.mimeType, page?.content().toString()], ['application/zip', 'text/html', '<p>hello']);
  assert.equal(zip?.content().subarray(0, 2).toString(), 'PK');
  assert.ok(github.requests.filter(({ path }) => path.includes('comp=block&')).length >= 3);
  const days = ((page?.expiresMs ?? 0) - Date.now()) / 86_400_000;
  assert.ok(days > 6.9 && days <= 7);
});

test('lists, downloads and removes for @actions/artifact what it uploaded', async (t) => {
  const { env, job } = await startAction(t);
  const script = `${CLIENT}
await client.uploadArtifact('bundle', [write('a.txt', 'one')], root);
await client.uploadArtifact('n.txt', [write('n.txt', 'two')], root, { skipArchive: true });
const { artifacts } = await client.listArtifacts();
const { artifact } = await client.getArtifact('bundle');
mkdirSync(root + '/out');
const got = [];
for (const { id, digest } of artifacts) got.push((await client.downloadArtifact(id, { path: root + '/out', expectedHash: digest })).digestMismatch);
const texts = ['a.txt', 'n.txt'].map((name) => readFileSync(root + '/out/' + name, 'utf8'));
const { id } = await client.deleteArtifact('bundle');
const gone = await told(client.getArtifact('bundle'));
console.log(JSON.stringify([artifacts.map(({ name }) => name).sort(), artifact.name, got, texts, id === artifact.id, gone.name]));`;
  const told = await valueOfScript(env, script);
  assert.deepEqual(told, [['bundle', 'n.txt'], 'bundle', [false, false], ['one', 'two'], true, 'ArtifactNotFoundError']);
  assert.deepEqual(
    job.artifacts().map(({ name }) => name),
    ['n.txt'],
  );
});

test('has @actions/artifact mask the signatures of its addresses', async (t) => {
  const { env, github } = await startAction(t);
  const log = await runScript(env, `${CLIENT}await client.uploadArtifact('bundle', [write('a.txt', 'one')], root);`);
  const sig = new URL(github.requests.find(({ path }) => path.includes('sig='))?.path ?? '', github.apiUrl).searchParams.get('sig') ?? '';
  assert.ok(sig.length >= 40 && [sig, encodeURIComponent(sig)].every((each) => log.includes(`::add-mask::${each.replaceAll('%', '%25')}`)));
});

describe('fails @actions/artifact', () => {
  const once = `await client.uploadArtifact('bundle', [write('a.txt', 'one')], root)`;
  const FAILURES: readonly (readonly [name: string, setup: GithubSetup, fail: (bench: Bench) => void, script: string, says: RegExp])[] = [
    [
      'for a name twice',
      {},
      () => undefined,
      `${once}; console.log(JSON.stringify(await told(${once.replace('await ', '')})));`,
      /\(409\) Conflict: an artifact with this name already exists/,
    ],
    ['for want of room', { storageBytesMax: 0 }, () => undefined, '', /CreateArtifact: Artifact storage quota has been hit/],
    ['once its job is over', {}, ({ job }) => job.end(), '', /\(401\) Unauthorized: unauthorized/],
    [
      'when the service is down for good',
      {},
      ({ github }) => github.fault(({ path }) => path.endsWith('/CreateArtifact'), { status: 503 }, 5),
      '',
      /Failed to make request after 5 attempts: Failed request: \(503\)/,
    ],
    [
      'when storage refuses',
      {},
      ({ github }) => github.fault(({ path }) => path.includes('comp=block&'), { status: 403 }),
      '',
      /"RestError"/,
    ],
  ];
  for (const [name, setup, fail, script, says] of FAILURES) {
    it(name, async (t) => {
      const bench = await startAction(t, setup);
      fail(bench);
      const act = script === '' ? `console.log(JSON.stringify(await told(${once.replace('await ', '')})));` : script;
      assert.match(JSON.stringify(await valueOfScript(bench.env, `${CLIENT}${act}`)), says);
    });
  }

  it('not, when the service is down for a moment, or a connection breaks', async (t) => {
    const { env, github, job } = await startAction(t);
    github.fault(({ path }) => path.endsWith('/CreateArtifact'), { status: 500 }, 2);
    github.fault(({ path }) => path.endsWith('/FinalizeArtifact'), { status: 502 });
    await runScript(env, `${CLIENT}${once};`);
    assert.deepEqual(
      job.artifacts().map(({ name }) => name),
      ['bundle'],
    );
  });
});

test('several stand beside each other', async (t) => {
  const [one, two] = [await startBench(t), await startBench(t)];
  assert.notEqual(one.github.issuer, two.github.issuer);
  assert.throws(() => two.github.startJob({ repository: { ...one.repository, id: 1 } }), /its repository is not one of this GitHub/);
});

test('stop() ends it', async () => {
  const github = await startGithub();
  await github.stop();
  await assert.rejects(fetch(github.issuer));
});
