import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it, test } from 'node:test';
import type { FakeJob, HostileMint } from '#test/fakes/github/jobs.ts';
import { type SigningBench, startSigningBench } from './bench.ts';
import { createServices } from './services.ts';

let bench: SigningBench;
let job: FakeJob;
before(async () => {
  bench = await startSigningBench();
  const repository = bench.github.addRepository({ owner: 'acme', name: 'bare' });
  job = bench.github.startJob({ repository, permissions: { 'id-token': 'write' } });
});
after(() => bench.stop());

type Asked = { readonly mint?: HostileMint & { readonly audience?: string }; readonly proofOf?: string };

/** What a service answers to a request as a client of Sigstore makes it. */
async function certificateFor({ mint, proofOf }: Asked): Promise<number> {
  const { issuer, keys } = bench.github.keysFile().issuers[0] ?? { issuer: '', keys: [] };
  const [fulcio] = createServices({
    instances: bench.sigstore,
    issuer: () => ({ issuer, keys: keys.map((key) => ({ ...key, kty: key.kty ?? '' })) }),
  });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const token = await job.mint({ audience: 'sigstore', ...mint });
  const body = {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: publicKey.export({ type: 'spki', format: 'pem' }) },
      proofOfPossession: sign(null, Buffer.from(proofOf ?? job.claims['sub'] ?? ''), privateKey).toString('base64'),
    },
  };
  const answer = await fulcio?.answer({
    ...{ method: 'POST', url: new URL('https://fulcio.sigstore.dev/api/v2/signingCert'), headers: { host: 'fulcio.sigstore.dev' } },
    body: Buffer.from(JSON.stringify(body)),
  });
  return answer?.status ?? 0;
}

describe('Fulcio', () => {
  it('certifies the key of a job whose token is for Sigstore', async () => assert.equal(await certificateFor({}), 201));

  const refused: readonly (readonly [string, Asked])[] = [
    ['a token for somebody else', { mint: { audience: 'duty-gate' } }],
    ['a token that nobody signed', { mint: { sign: 'none' } }],
    ["a token by a key that is not the issuer's", { mint: { sign: 'foreign-key' } }],
    ['a token of another issuer', { mint: { alter: (claims) => ({ ...claims, iss: 'https://evil.example' }) } }],
    ['one who does not have the key', { proofOf: 'another subject' }],
  ];
  for (const [what, asked] of refused) it(`refuses ${what}`, async () => assert.equal(await certificateFor(asked), 400));
});

async function connectTo(address: string): Promise<string> {
  const { port, hostname } = new URL(bench.sigstore.proxyUrl);
  const socket = connect(Number(port), hostname);
  socket.write(`CONNECT ${address} HTTP/1.1\r\nHost: ${address}\r\n\r\n`);
  const [first]: Buffer[] = await once(socket, 'data');
  socket.destroy();
  return String(first).split('\r\n', 1)[0] ?? '';
}

test('the proxy reaches the names of Sigstore, and nothing else', async () => {
  const { port } = new URL(bench.sigstore.proxyUrl);
  assert.match(await connectTo('fulcio.sigstore.dev:443'), / 200 /);
  for (const other of ['fulcio.sigstore.dev:80', 'fulcio.sigstore.dev.evil.example:443', `127.0.0.1:${port}`, 'api.github.com:443'])
    assert.match(await connectTo(other), / 502 /);
});

test('authorities of one instance vouch for nothing of the other', () => {
  const { publicGood, github } = bench.sigstore;
  assert.notDeepEqual(publicGood.certificates.rootCertificate, github.certificates.rootCertificate);
  assert.deepEqual([publicGood.log === null, github.log === null], [false, true]);
});
