import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import { AttestError, type AttestErrorCode } from '#action/attest-error.ts';
import { storeAttestation } from '#action/attest-store.ts';
import { type Fault, type HttpServer, startHttpServer } from '#test/fakes/github/http-server.ts';
import { type AttestationStore, createAttestationStore, type StoreSetup } from '#test/fakes/sigstore/attestation-store.ts';

const BUNDLE = { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', verificationMaterial: {}, dsseEnvelope: {} };
const TOKEN = 'ghs_a-secret-token';

type Place = { readonly store: AttestationStore; readonly server: HttpServer; readonly give: (token?: string) => Promise<string> };

async function place(t: TestContext, setup: Partial<StoreSetup> = {}): Promise<Place> {
  const store = createAttestationStore({ token: TOKEN, repository: 'acme/shop', ...setup });
  const server = await startHttpServer([]);
  server.serve([store.service]);
  t.after(() => server.stop());
  const job = { apiUrl: `${server.base}/api/v3/`, repository: 'acme/shop' };
  return { store, server, give: (token = TOKEN) => storeAttestation({ bundle: BUNDLE, token, job, retryMs: 1, tryMsMax: 300 }) };
}

test('storeAttestation() gives GitHub the bundle, and answers its id', async (t) => {
  const { store, give } = await place(t);
  assert.deepEqual([await give(), await give()], ['1', '2']);
  assert.deepEqual(store.stored, [BUNDLE, BUNDLE]);
});

const all = (what: Fault) => ({ what, times: 99 });

type Refusal = {
  readonly when: string;
  readonly setup?: Partial<StoreSetup>;
  readonly token?: string;
  readonly fault?: ReturnType<typeof all>;
  readonly code: AttestErrorCode;
  readonly says: RegExp;
  readonly tries: number;
};

const message = (text: string) => ({ message: text });
const REFUSALS: readonly Refusal[] = [
  { when: 'the permission is missing', setup: { permission: 'read' }, code: 'permission', says: /attestations: write/, tries: 1 },
  { when: 'the token is not valid', token: 'ghs_another-secret', code: 'permission', says: /not valid.*GITHUB_TOKEN/, tries: 1 },
  { when: 'GitHub does not offer it', setup: { isOffered: false }, code: 'unavailable', says: /Enterprise Cloud/, tries: 1 },
  {
    when: 'GitHub does not offer it to users',
    fault: all({ status: 404, body: message('Feature not available for user-owned private repositories. To enable …') }),
    ...{ code: 'unavailable', says: /expected a public one/, tries: 1 },
  },
  { when: 'it is refused without a word', fault: all({ status: 403, body: [] }), code: 'permission', says: /HTTP 403/, tries: 1 },
  { when: 'GitHub finds it wrong', fault: all({ status: 422 }), code: 'storage', says: /HTTP 422, expected 201/, tries: 1 },
  {
    when: 'it is sent elsewhere',
    fault: all({ status: 307, headers: { location: 'http://127.0.0.1:9/' } }),
    code: 'storage',
    says: /307/,
    tries: 1,
  },
  {
    when: 'the answer has no id',
    fault: all({ status: 201, body: { id: 'x y' } }),
    code: 'storage',
    says: /without the attestation's id/,
    tries: 1,
  },
  { when: 'GitHub is not well', fault: all({ status: 503 }), code: 'storage', says: /HTTP 503, .* later run/, tries: 3 },
  { when: 'it asks to wait', fault: all({ status: 429 }), code: 'storage', says: /HTTP 429/, tries: 3 },
  { when: 'the connection ends', fault: all('drop'), code: 'storage', says: /cannot be reached/, tries: 3 },
  { when: 'there is no answer', fault: all('hang'), code: 'storage', says: /did not answer in 300 ms/, tries: 3 },
];

describe('storeAttestation() rejects in one sentence without a secret, and asks again only where that may help', () => {
  for (const { when, setup, token, fault, code, says, tries } of REFUSALS)
    it(`when ${when}`, async (t) => {
      const { store, server, give } = await place(t, setup);
      if (fault !== undefined) server.fault(() => true, fault.what, fault.times);
      const error = await give(token).catch((cause: unknown) => cause);
      assert.ok(error instanceof AttestError, String(error));
      assert.deepEqual([error.code, server.requests.length, store.stored.length], [code, tries, 0]);
      assert.match(error.message, says);
      assert.match(error.message, /^Cannot store the attestation at GitHub: [^\n]{1,300}$/);
      assert.doesNotMatch(error.message, /secret|To enable|127\.0\.0\.1/);
    });
});

test('storeAttestation() gets there in the end when GitHub is not well for a moment', async (t) => {
  const { server, give } = await place(t);
  server.fault(() => true, { status: 500 }, 1);
  server.fault(() => true, 'drop', 1);
  assert.equal(await give(), '1');
});

test('storeAttestation() reads no more of an endless answer than it has use for', async (t) => {
  const { server, give } = await place(t);
  server.fault(() => true, { status: 201, body: { id: 7, more: 'x'.repeat(5_000_000) } }, 99);
  await assert.rejects(give(), { code: 'storage' });
});
