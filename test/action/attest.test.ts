import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Attested, AttestRequest } from '#action/attest.ts';
import { AttestError, type AttestErrorCode } from '#action/attest-error.ts';
import { become, type SigningBench, type SigningJob, type SigningSetup, startSigningBench } from '#test/fakes/sigstore/bench.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const MANIFEST = 'ab'.repeat(32);
const ARCHIVE = 'cd'.repeat(32);
const REQUEST: Omit<AttestRequest, 'token'> = {
  subjects: [
    { name: 'manifest.json', sha256: MANIFEST },
    { name: 'duty-gate-7.zip', sha256: ARCHIVE },
  ],
  predicate: {
    ...{ session: 's-1', gateway: 'gate', evidenceKey: 'k'.repeat(43), verdict: 'sealed', entries: 12, lastHash: 'ef'.repeat(32) },
    counts: { allowed: 3, refused: 1, masked: 2, approved: 0, withoutOutcome: 0, incidents: 0 },
    policy: { sha256: '01'.repeat(32), source: { repository: 'acme/policies', path: 'p.yml', ref: 'main', commit: 'c'.repeat(40) } },
    run: { repository: 'acme/shop', id: '9000001', attempt: '1', job: 'report' },
  },
  visibility: 'public',
};

let bench: SigningBench;
before(async () => {
  bench = await startSigningBench();
});
after(() => bench.stop());

type Attest = {
  readonly more?: Partial<AttestRequest>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signMsMax?: number;
};

async function attest(t: TestContext, { job, environment }: SigningJob, asked: Attest = {}): Promise<Attested> {
  become(t, bench, { ...environment, ...asked.environment });
  const { attestEvidence } = await import('#action/attest.ts');
  const limits = { signMsMax: asked.signMsMax ?? 60_000, storeMsMax: 60_000 };
  return attestEvidence({ ...REQUEST, token: job.token, ...asked.more }, limits);
}

type Dsse = { readonly dsseEnvelope: { payload: string; readonly payloadType: string } };

function statementOf(bundle: unknown): { readonly subject: unknown; readonly predicate: unknown; readonly predicateType: string } {
  const { dsseEnvelope } = bundle as Dsse; // Sigstore's documented JSON
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
}

function payloadChanged(bundle: unknown, change: (text: string) => string): Dsse {
  const made = structuredClone(bundle) as Dsse;
  const text = Buffer.from(made.dsseEnvelope.payload, 'base64').toString();
  assert.notEqual(change(text), text);
  made.dsseEnvelope.payload = Buffer.from(change(text)).toString('base64');
  return made;
}

const WORKFLOW = /^https:\/\/github\.com\/acme\/shop\/\.github\/workflows\/report\.yml@refs\/heads\/main$/;
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : null);

describe('attestEvidence() for a public repository', () => {
  it('has exactly what was asked signed in the name of the workflow, logged, and kept by GitHub', async (t) => {
    const job = await bench.startJob(t);
    const { id, url, logIndex, bundle, unstored } = await attest(t, job);
    assert.deepEqual([id, url, unstored], ['1', 'https://github.com/acme/shop/attestations/1', null]);
    assert.match(logIndex ?? '', /^[0-9]+$/);
    assert.deepEqual(job.store.stored, [JSON.parse(JSON.stringify(bundle))]);
    assert.deepEqual(statementOf(bundle), {
      _type: 'https://in-toto.io/Statement/v1',
      subject: REQUEST.subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
      predicateType: 'https://duty-gate.dev/attestation/session/v1',
      predicate: REQUEST.predicate,
    });
    const { identity } = bench.sigstore.publicGood.verify(bundle, {
      subjectAlternativeName: WORKFLOW,
      extensions: { issuer: bench.github.issuer },
    });
    assert.match(identity?.subjectAlternativeName ?? '', WORKFLOW);
    assert.throws(() => bench.sigstore.github.verify(bundle), { name: 'VerificationError' });
  });

  const forgeries: readonly (readonly [string, (text: string) => string])[] = [
    ['of the manifest', (text) => text.replace(MANIFEST, 'ba'.repeat(32))],
    ['of the archive', (text) => text.replace(ARCHIVE, 'dc'.repeat(32))],
  ];
  for (const [what, change] of forgeries)
    it(`makes a bundle that does not verify with another digest ${what}`, async (t) => {
      const { bundle } = await attest(t, await bench.startJob(t));
      bench.sigstore.publicGood.verify(bundle);
      assert.throws(() => bench.sigstore.publicGood.verify(payloadChanged(bundle, change)), { name: 'VerificationError' });
    });

  it('makes a bundle that does not verify with another verdict, or for another workflow', async (t) => {
    const { bundle } = await attest(t, await bench.startJob(t));
    const forged = payloadChanged(bundle, (text) => text.replace('"sealed"', '"broken"'));
    assert.throws(() => bench.sigstore.publicGood.verify(forged), { name: 'VerificationError' });
    const subjectAlternativeName = 'https://github.com/acme/other/.github/workflows/report.yml@refs/heads/main';
    assert.throws(() => bench.sigstore.publicGood.verify(bundle, { subjectAlternativeName }), { name: 'PolicyError' });
  });
});

for (const visibility of ['private', 'internal', null] as const)
  test(`attestEvidence() writes nothing into a public log when the repository is ${visibility ?? 'of unknown visibility'}`, async (t) => {
    const from = bench.sigstore.connections.length;
    const { bundle, logIndex } = await attest(t, await bench.startJob(t), { more: { visibility } });
    assert.equal(logIndex, null);
    bench.sigstore.github.verify(bundle, { subjectAlternativeName: WORKFLOW });
    for (const asked of bench.sigstore.connections.slice(from)) assert.match(asked, /^(?:fulcio|timestamp)\.githubapp\.com:443$/);
  });

test('attestEvidence() asks for one token, for Sigstore and nobody else', async (t) => {
  const from = bench.github.requests.length;
  await attest(t, await bench.startJob(t));
  const minted = bench.github.requests.slice(from).map(({ path }) => new URL(path, 'http://x').searchParams.getAll('audience'));
  assert.deepEqual(minted, [['sigstore']]);
});

test("attestEvidence() goes by the runner's addresses, not by a server's name that only looks like GitHub's", async (t) => {
  for (const server of ['https://github.corp.example', 'https://github.com.evil.example', 'https://ghe.com']) {
    const job = await bench.startJob(t);
    const from = [bench.github.requests.length, bench.sigstore.connections.length];
    await assert.rejects(attest(t, job, { environment: { GITHUB_SERVER_URL: server } }), { code: 'unavailable' });
    assert.deepEqual([bench.github.requests.length, bench.sigstore.connections.length], from);
  }
});

type Failure = {
  readonly when: string;
  readonly setup?: SigningSetup;
  readonly fault?: readonly [RegExp, { readonly status: number } | 'hang' | 'drop', number];
  readonly more?: Partial<AttestRequest>;
  readonly signMsMax?: number;
  readonly code: AttestErrorCode;
  readonly says: RegExp;
};

const FAILURES: readonly Failure[] = [
  {
    when: 'the job may not ask for an identity',
    setup: { permissions: { contents: 'read' } },
    ...{ code: 'permission', says: /offers this job no identity token, expected permissions: id-token: write/ },
  },
  {
    when: "it is a fork's pull request",
    setup: { fork: true, event: 'pull_request' },
    ...{ code: 'permission', says: /a fork's pull request never gets it/ },
  },
  {
    when: 'GitHub refuses the token',
    fault: [/idtoken/, { status: 403 }, 9],
    ...{ code: 'token', says: /gave no identity token for Sigstore, expected one \(permissions: id-token: write\)/ },
  },
  {
    when: 'the token is of an issuer that Sigstore does not know',
    setup: { mints: { sign: 'foreign-key' } },
    ...{ code: 'certificate', says: /fulcio\.sigstore\.dev gave no certificate \(HTTP 400\), expected it to accept this job/ },
  },
  {
    when: 'the log refuses the entry',
    fault: [/log\/entries/, { status: 403 }, 9],
    ...{ code: 'log', says: /rekor\.sigstore\.dev gave no entry in Sigstore's log \(HTTP 403\)/ },
  },
  {
    when: 'the timestamps are refused',
    more: { visibility: 'private' },
    fault: [/timestamp/, { status: 400 }, 9],
    ...{ code: 'timestamp', says: /timestamp\.githubapp\.com gave no timestamp \(HTTP 400\)/ },
  },
  {
    when: 'the token does not come',
    fault: [/idtoken/, 'hang', 1],
    signMsMax: 200,
    ...{ code: 'time', says: /was not signed within 200 ms/ },
  },
  {
    when: 'the certificate does not come',
    fault: [/signingCert/, 'hang', 1],
    signMsMax: 500,
    ...{ code: 'time', says: /was not signed within 500 ms/ },
  },
  { when: 'there is nothing to attest', more: { subjects: [] }, code: 'request', says: /0 files to speak of, expected 1 to 16/ },
  {
    when: 'a digest is none',
    more: { subjects: [{ name: 'a', sha256: 'AB'.repeat(32) }] },
    ...{ code: 'request', says: /no name or no SHA-256/ },
  },
  {
    when: 'it would say too much',
    more: { predicate: { ...REQUEST.predicate, session: 'x'.repeat(70_000) } },
    ...{ code: 'request', says: /expected at most 65536/ },
  },
];

describe('attestEvidence() rejects with one sentence without a secret', () => {
  for (const { when, setup, fault, more, signMsMax, code, says } of FAILURES)
    it(`when ${when}`, async (t) => {
      const job = await bench.startJob(t, setup);
      const server = fault !== undefined && /idtoken/.test(fault[0].source) ? bench.github : bench.sigstore;
      const [pattern, what, times] = fault ?? [/^$/, 'drop', 0];
      let left = times;
      server.fault(({ path }) => left > 0 && pattern.test(path), what, times);
      const error = await attest(t, job, { ...(more && { more }), ...(signMsMax && { signMsMax }) }).catch((cause: unknown) => cause);
      left = 0;
      assert.ok(error instanceof AttestError, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, says);
      assert.match(error.message, /^Cannot attest the evidence: [^\n]{1,300}$/);
      const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: request } = job.environment;
      for (const secret of [job.job.token, request, 'eyJ']) assert.ok(secret === undefined || !error.message.includes(secret));
      assert.deepEqual(job.store.stored, []);
    });
});

test('attestEvidence() asks again when a service is not well for a moment', async (t) => {
  bench.sigstore.fault(({ path }) => path.includes('signingCert'), { status: 503 }, 1);
  const job = await bench.startJob(t);
  job.asked.fault(({ method }) => method === 'POST', { status: 502 }, 1);
  const { bundle, id } = await attest(t, job);
  assert.equal(id, '1');
  bench.sigstore.publicGood.verify(bundle);
});

const KEPT_NOWHERE: readonly (readonly [string, SigningSetup, AttestErrorCode, RegExp])[] = [
  ['the permission is missing', { permission: 'read' }, 'permission', /expected permissions: attestations: write/],
  ['GitHub does not offer it', { isOffered: false }, 'unavailable', /GitHub Enterprise Cloud/],
];
for (const [when, setup, code, says] of KEPT_NOWHERE)
  test(`attestEvidence() gives the signed attestation all the same when ${when}`, async (t) => {
    const { id, url, bundle, unstored } = await attest(t, await bench.startJob(t, setup));
    assert.deepEqual([id, url, unstored?.code], [null, null, code]);
    assert.match(unstored?.message ?? '', says);
    bench.sigstore.publicGood.verify(bundle, { subjectAlternativeName: WORKFLOW });
  });

const SCRIPT = `
const { attestEvidence } = await import(process.argv[1]);
const told = await attestEvidence(JSON.parse(process.argv[2])).catch(({ code, message }) => ({ code, message }));
console.log(JSON.stringify(told));
process.exit(0);`;

/** In a process of its own, which trusts the services only if it is told to; the library reads some of the environment as it loads. */
async function attestInProcess(t: TestContext, job: SigningJob, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const module = new URL(import.meta.resolve('#action/attest.ts')).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', SCRIPT, module, JSON.stringify({ ...REQUEST, token: job.job.token })],
    { env: { ...job.environment, ...environment }, timeout: 60_000, cwd: temporaryFolder(t) },
  );
  return JSON.parse(stdout);
}

test("attestEvidence() is not held by a pipe in the place of the event's file, and takes no other identity than the job's", async (t) => {
  const folder = temporaryFolder(t);
  const pipe = join(folder, 'event.json');
  execFileSync('mkfifo', [pipe]);
  writeFileSync(join(folder, 'ca.pem'), bench.sigstore.authority);
  const job = await bench.startJob(t);
  const foreign = await bench.github
    .startJob({ repository: bench.github.addRepository({ owner: 'evil', name: 'shop' }) })
    .mint({ audience: 'sigstore' });
  const told = await attestInProcess(t, job, {
    ...{ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'), GITHUB_EVENT_PATH: pipe, SIGSTORE_ID_TOKEN: foreign },
  });
  assert.ok(typeof told === 'object' && told !== null && 'bundle' in told, JSON.stringify(told));
  bench.sigstore.publicGood.verify(told.bundle, { subjectAlternativeName: WORKFLOW });
});

test('attestEvidence() gives its token to nobody whose name no authority vouches for, whatever a step put into the environment', async (t) => {
  // One of its own: what other tests gave up on may still be on its way to theirs.
  const own = await startSigningBench();
  t.after(() => own.stop());
  const told = await attestInProcess(t, await own.startJob(t), { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  assert.equal(codeOf(Object.assign(new Error(), told)), 'certificate');
  assert.deepEqual(own.sigstore.requests, []);
});
