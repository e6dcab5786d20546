import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import type { Attested, AttestRequest } from '#action/attest.ts';
import { AttestError } from '#action/attest-error.ts';
import { makeJobFolder } from '#action/job-folder.ts';
import { writeJobRecord } from '#action/job-record.ts';
import { type PostWorld, runPost } from '#action/run-post.ts';
import type { FilesToUpload } from '#action/upload.ts';
import { type BundleOptions, makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { type FakeToolkit, fakeToolkit } from './fake-toolkit.ts';

const uid = process.getuid?.() ?? 0;
const FACTS = {
  ...{ repository: 'acme/shop', runId: '7', attempt: '2', job: 'report', trackingId: 'github_1' },
  ...{ apiUrl: 'https://api.github.com', serverUrl: 'https://github.com' },
};

type TestPost = {
  readonly world: PostWorld;
  readonly toolkit: FakeToolkit;
  readonly jobFolder: string;
  readonly evidenceFolder: string;
  readonly uploaded: FilesToUpload[];
  readonly pages: string[];
  summary(): string;
};

type Setup = {
  readonly change?: Partial<PostWorld>;
  readonly bundle?: BundleOptions | null;
  readonly record?: boolean;
  readonly artifactName?: string;
  readonly attest?: boolean;
};

/** What main and the steps of a job have left; the artifact service takes everything. */
async function makePost(
  t: TestContext,
  { change = {}, bundle = {}, record = true, artifactName, attest = false }: Setup = {},
): Promise<TestPost> {
  const base = temporaryFolder(t);
  const [temp, summaryPath] = [join(base, 'temp'), join(base, 'summary')];
  const evidenceFolder = join(temp, 'evidence');
  mkdirSync(evidenceFolder, { recursive: true });
  writeFileSync(summaryPath, '');
  const jobFolder = makeJobFolder({ base, uid }, { ...FACTS, temp });
  writeFileSync(join(jobFolder, 'session.json'), 'a key');
  if (record) writeJobRecord(jobFolder, { evidenceFolder, artifactName: artifactName ?? null, retentionDays: 30, attest });
  if (bundle !== null) await makeBundle(evidenceFolder, bundle);
  const toolkit = fakeToolkit({}, { 'job-folder': jobFolder });
  const [uploaded, pages]: [FilesToUpload[], string[]] = [[], []];
  const world: PostWorld = {
    toolkit,
    environment: {
      ...{ GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '2', GITHUB_JOB: 'report', RUNNER_TEMP: temp },
      ...{ GITHUB_STEP_SUMMARY: summaryPath, INPUT_SECRETS: 's3cret', 'STATE_job-folder': jobFolder, NODE_OPTIONS: '--require=x' },
    },
    folders: { base, uid },
    closeSession: async () => ({ kind: 'closed', checkpoint: 'dgc1.s.3.l.k.s' }),
    removeAsRoot: () => undefined,
    attestEvidence: async () => assert.fail('nobody asked for it'),
    writeReport: async (_, out) => writeFileSync(out, '<p>report</p>'),
    uploadFiles: async (files) => {
      uploaded.push(files);
      return { name: files.name, id: 11, digest: 'ab'.repeat(32) };
    },
    uploadFile: async (path) => {
      pages.push(path);
      return { name: basename(path), id: 12, digest: null };
    },
    ...change,
  };
  return { world, toolkit, jobFolder, evidenceFolder, uploaded, pages, summary: () => readFileSync(summaryPath, 'utf8') };
}

const failing = (why: string) => async (): Promise<never> => {
  throw new Error(why);
};

describe('runPost()', () => {
  it('closes, verifies, uploads bundle and report, and says what happened', async (t) => {
    const { world, toolkit, evidenceFolder, uploaded, pages, summary, jobFolder } = await makePost(t);
    assert.equal(await runPost(world), true, JSON.stringify(toolkit.annotations));
    const [files] = uploaded;
    assert.match(files?.name ?? '', /^duty-gate-7-report-2-[0-9a-f]{8}$/);
    assert.equal(files?.root, join(evidenceFolder, 'fixture-session'));
    assert.equal(files?.retentionDays, 30);
    assert.ok(files?.files.some((file) => file.endsWith('/manifest.json')));
    assert.deepEqual(pages, [join(evidenceFolder, `${files?.name}.html`)]);
    const url = 'https://github.com/acme/shop/actions/runs/7/artifacts/11';
    assert.deepEqual(toolkit.outputs, { 'artifact-id': '11', 'artifact-url': url });
    assert.match(summary(), /one operation refused, evidence sealed[\s\S]*DROP TABLE orders/);
    assert.deepEqual(
      toolkit.annotations.map(({ level, message }) => [level, message]),
      [['warning', 'orders-db: DROP TABLE orders\nnothing-allows']],
    );
    assert.ok(!existsSync(jobFolder) && existsSync(join(evidenceFolder, 'fixture-session/audit.jsonl')));
  });

  it('uses the name that the workflow gave', async (t) => {
    const { world, uploaded, pages } = await makePost(t, { artifactName: 'evidence' });
    await runPost(world);
    assert.deepEqual([uploaded[0]?.name, basename(pages[0] ?? '')], ['evidence', 'evidence.html']);
  });

  it('R6 forgets inputs and whatever else a step put into the environment', async (t) => {
    const { world } = await makePost(t);
    await runPost(world);
    assert.deepEqual(
      Object.keys(world.environment).filter((name) => /^(INPUT|STATE|NODE)_/.test(name)),
      [],
    );
  });

  it('has nothing to do where main opened nothing', async (t) => {
    const { world, toolkit, jobFolder, uploaded } = await makePost(t, {
      record: false,
      bundle: null,
      change: { closeSession: async () => ({ kind: 'none' }) },
    });
    assert.equal(await runPost({ ...world, toolkit: { ...toolkit, getState: () => '' } }), true);
    assert.equal(await runPost(world), true);
    assert.equal(await runPost(world), true, 'a folder that is gone');
    assert.deepEqual([uploaded, toolkit.annotations, existsSync(jobFolder)], [[], [], false]);
    assert.deepEqual([...new Set(toolkit.lines)], ['duty-gate: no session was opened: there is nothing to close']);
  });
});

describe('runPost() fails, and does all the rest, when', () => {
  const cases: readonly {
    readonly name: string;
    readonly setup: Setup;
    readonly says: RegExp;
    readonly uploads: boolean;
    readonly page: RegExp;
  }[] = [
    {
      name: 'the gateway is gone',
      setup: {
        bundle: { seal: false },
        change: { closeSession: async () => ({ kind: 'lost', why: 'Cannot reach the gateway: ECONNREFUSED' }) },
      },
      says: /^The session was lost before its end: Cannot reach the gateway: ECONNREFUSED$/,
      uploads: true,
      page: /unsealed/,
    },
    {
      name: 'the evidence is unsealed',
      setup: { bundle: { seal: false } },
      says: /^The evidence is unsealed/,
      uploads: true,
      page: /unsealed/,
    },
    {
      name: 'the evidence is broken',
      setup: { bundle: { tamper: (entry) => ({ ...entry, policySha256: '0'.repeat(64) }) } },
      says: /^The evidence is broken: /,
      uploads: true,
      page: /broken/,
    },
    {
      name: 'the upload fails',
      setup: { change: { uploadFiles: failing('quota\n::error::x') } },
      says: /^Cannot upload the evidence: quota ::error::x\. It stays in .*fixture-session$/,
      uploads: false,
      page: /The bundle was not uploaded/,
    },
  ];
  for (const { name, setup, says, uploads, page } of cases) {
    it(name, async (t) => {
      const { world, toolkit, jobFolder, evidenceFolder, uploaded, pages, summary } = await makePost(t, setup);
      assert.equal(await runPost(world), false);
      assert.equal(toolkit.errors().length, 1, JSON.stringify(toolkit.errors()));
      assert.match(toolkit.errors()[0] ?? '', says);
      assert.deepEqual([uploaded.length, pages.length], [uploads ? 1 : 0, 1]);
      assert.match(summary(), page);
      assert.ok(!existsSync(jobFolder) && existsSync(join(evidenceFolder, 'fixture-session/audit.jsonl')));
    });
  }

  it('the session was lost before it began', async (t) => {
    const { world, toolkit, jobFolder } = await makePost(t, {
      bundle: null,
      change: { closeSession: async () => ({ kind: 'lost', why: 'gone' }) },
    });
    writeFileSync(join(jobFolder, 'gateway.log'), '##[error]last words\n');
    assert.equal(await runPost(world), false);
    assert.deepEqual(toolkit.errors(), ['The session was lost before its end: gone']);
    assert.deepEqual(toolkit.lines, ['duty-gate: gateway: #\\u{23}[error]last words']);
    assert.ok(!existsSync(jobFolder));
  });
});

describe('runPost() goes on without', () => {
  it('a report', async (t) => {
    const { world, toolkit, uploaded, summary } = await makePost(t, { change: { writeReport: failing('no room') } });
    assert.equal(await runPost(world), true);
    assert.ok(toolkit.annotations.some(({ level, message }) => level === 'warning' && message === 'Cannot upload the report: no room'));
    assert.equal(uploaded.length, 1);
    assert.ok(!summary().includes('Report:'));
  });

  it('a summary', async (t) => {
    const { world, toolkit } = await makePost(t);
    world.environment['GITHUB_STEP_SUMMARY'] = '/etc';
    assert.equal(await runPost(world), true);
    assert.ok(toolkit.lines.some((line) => line.startsWith('duty-gate: the summary was not written: its file')));
  });
});

describe('R18 runPost() is not led astray by', () => {
  for (const named of ['/', '/etc', '/tmp', '/tmp/duty-gate-0/../../etc', 'job-0123456789abcdef']) {
    it(`a job folder named ${named}`, async (t) => {
      const { world, toolkit, uploaded } = await makePost(t);
      assert.equal(await runPost({ ...world, toolkit: { ...toolkit, getState: () => named } }), false);
      assert.match(toolkit.errors().join(), /it is no folder of a job/);
      assert.deepEqual(uploaded, []);
    });
  }
  it('a record that somebody changed', async (t) => {
    const { world, toolkit, jobFolder, uploaded } = await makePost(t);
    writeFileSync(
      join(jobFolder, 'job.json'),
      JSON.stringify({ version: 1, evidenceFolder: '../..', artifactName: null, retentionDays: null }),
    );
    assert.equal(await runPost(world), false);
    assert.match(toolkit.errors().join(), /not what this action wrote/);
    assert.deepEqual([uploaded, existsSync(jobFolder)], [[], false]);
  });
});

test('runPost() tells a fault of its own by name only', async (t) => {
  const { world, toolkit } = await makePost(t, { change: { closeSession: failing('s3cret') } });
  assert.equal(await runPost(world), false);
  assert.match(toolkit.errors().join(), /^Cannot go on: Error at /);
  assert.ok(!toolkit.errors().join().includes('s3cret'));
});

const ATTESTED: Attested = {
  id: '42',
  url: 'https://github.com/acme/shop/attestations/42',
  logIndex: null,
  bundle: { sigstore: true },
  unstored: null,
};

test('runPost() attests archive and manifest where it is asked to, with the token that is an input, and keeps what it got', async (t) => {
  const requests: AttestRequest[] = [];
  const files: string[] = [];
  const { world, toolkit } = await makePost(t, {
    attest: true,
    change: {
      async attestEvidence(request) {
        requests.push(request);
        return ATTESTED;
      },
      async uploadFile(path) {
        files.push(`${basename(path)} ${readFileSync(path, 'utf8')}`);
        return { name: basename(path), id: 12, digest: null };
      },
    },
  });
  const withToken = { ...toolkit, getInput: (name: string) => (name === 'github-token' ? 'ghs_secret' : '') };
  assert.equal(await runPost({ ...world, toolkit: withToken }), true);
  const [request] = requests;
  const names = request?.subjects.map(({ name }) => name.replace(/^duty-gate-.*zip$/, 'zip'));
  assert.deepEqual([request?.token, request?.visibility, names], ['ghs_secret', null, ['manifest.json', 'zip']]);
  assert.match(files.join('\n'), /\.sigstore\.json \{"sigstore":true\}/);
  assert.match(toolkit.lines.join('\n'), /attestations\/42/);
});

test('runPost() does not fail a job that cannot be attested, and says why not as loudly as it matters', async (t) => {
  const cases = [
    [new AttestError('permission', 'Cannot attest the evidence: it may not'), 'warning'],
    [new AttestError('unavailable', 'Cannot attest the evidence: there is none here'), 'notice'],
    [new Error('something else'), 'warning'],
  ] as const;
  for (const [error, level] of cases) {
    const { world, toolkit } = await makePost(t, { attest: true, change: { attestEvidence: () => Promise.reject(error) } });
    assert.equal(await runPost(world), true);
    assert.deepEqual(
      toolkit.annotations.filter(({ title }) => title === 'duty-gate: attestation').map((each) => [each.level, each.message]),
      [[level, error.message]],
    );
  }
  const unstored = new AttestError('storage', 'Cannot store the attestation at GitHub: it was away');
  const { world, toolkit } = await makePost(t, {
    attest: true,
    change: { attestEvidence: async () => ({ ...ATTESTED, url: null, unstored }) },
  });
  assert.equal(await runPost(world), true);
  assert.match(JSON.stringify(toolkit.annotations), /it was away/);
});
