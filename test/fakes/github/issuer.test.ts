import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { startBench, valueOfScript } from './bench.ts';
import type { FakeGithub } from './github.ts';
import { startGithub } from './github.ts';
import type { HostileMint } from './jobs.ts';

const keysOf = ({ issuer }: FakeGithub) => createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`));
const mintAt = (environment: Readonly<Record<string, string>>, query = '', token = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) =>
  fetch(`${environment['ACTIONS_ID_TOKEN_REQUEST_URL']}${query}`, { headers: { authorization: `Bearer ${token}` } });

type Discovery = { readonly issuer: string; readonly jwks_uri: string; readonly id_token_signing_alg_values_supported: readonly string[] };

test('the issuer describes itself, and publishes two keys', async (t) => {
  const { github } = await startBench(t);
  const found = (await (await fetch(`${github.issuer}/.well-known/openid-configuration`)).json()) as Discovery;
  assert.deepEqual([found.issuer, found.id_token_signing_alg_values_supported], [github.issuer, ['RS256']]);
  const { keys } = (await (await fetch(found.jwks_uri)).json()) as { keys: readonly object[] };
  assert.equal(keys.length, 2);
  for (const key of keys) assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

test('the issuer stands where an enterprise has it', async (t) => {
  const { github } = await startBench(t, { issuerPath: '/_services/token' });
  assert.match(github.issuer, /\/_services\/token$/);
  const { issuer } = (await (await fetch(`${github.issuer}/.well-known/openid-configuration`)).json()) as Discovery;
  assert.equal(issuer, github.issuer);
});

test('mints, for @actions/core, tokens that the published keys verify, with GitHub’s times', async (t) => {
  const { github, job } = await startBench(t);
  const script = `import { getIDToken } from '@actions/core'; console.log(JSON.stringify(await getIDToken('duty-gate:a b&c')));`;
  const token = String(await valueOfScript(job.runtimeEnvironment(), script));
  const { payload } = await jwtVerify(token, keysOf(github), { issuer: github.issuer, audience: 'duty-gate:a b&c', algorithms: ['RS256'] });
  const { iat = 0, exp, nbf, ...texts } = payload;
  assert.deepEqual([exp, nbf], [iat + 300, iat - 600]);
  assert.ok(Object.values(texts).every((value) => typeof value === 'string'));
  const { aud, iss, jti, ...claims } = texts;
  assert.deepEqual(claims, job.claims);
  assert.notEqual(jti, decodeJwt(await job.mint({ audience: 'duty-gate:a b&c' })).jti);
});

test('mints for the owner where no audience is asked for', async (t) => {
  const { job } = await startBench(t);
  const { count, value } = (await (await mintAt(job.runtimeEnvironment())).json()) as { count: number; value: string };
  assert.equal(decodeJwt(value).aud, 'https://github.com/acme');
  assert.equal(count, value.length);
});

test('rotateKeys() has a new key sign; the last one stays published, the one before does not', async (t) => {
  const { github, job } = await startBench(t);
  const tokens = [await job.mint({ audience: 'a' })];
  for (let turn = 0; turn < 2; turn += 1) {
    github.rotateKeys();
    tokens.push(await job.mint({ audience: 'a' }));
  }
  assert.equal(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size, 3);
  const [oldest = '', ...others] = tokens;
  for (const token of others) await jwtVerify(token, keysOf(github), { audience: 'a' });
  await assert.rejects(jwtVerify(oldest, keysOf(github)), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
  const kids = github.keysFile().issuers.flatMap(({ keys }) => keys.map(({ kid }) => kid));
  assert.ok(tokens.every((token) => kids.includes(decodeProtectedHeader(token).kid)));
});

describe('a job gets no token', () => {
  const permissions = { 'id-token': 'write' } as const;
  for (const [name, setup] of [
    ['without the permission', { permissions: { contents: 'read' } }],
    ["of a fork's pull request", { permissions, event: 'pull_request', fork: true }],
  ] as const) {
    it(name, async (t) => {
      const { github, repository } = await startBench(t);
      const other = github.startJob({ repository, ...setup });
      assert.deepEqual(Object.keys(other.runtimeEnvironment()).sort(), ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN']);
      // Not even where it would be, had it been given.
      const token = other.runtimeEnvironment()['ACTIONS_RUNTIME_TOKEN'] ?? '';
      const [, plan, id] = /Actions\.Results:([^:]+):(\S+)/.exec(String(decodeJwt(token)['scp'])) ?? [];
      const url = `${github.resultsUrl}_apis/distributedtask/hubs/Actions/plans/${plan}/jobs/${id}/idtoken?api-version=2.0`;
      assert.equal((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status, 403);
    });
  }

  it('once it is over', async (t) => {
    const { job } = await startBench(t);
    job.end();
    assert.equal((await mintAt(job.runtimeEnvironment())).status, 401);
  });

  it('for a wrong request token, or its GITHUB_TOKEN', async (t) => {
    const { job } = await startBench(t);
    for (const token of ['none', job.token]) assert.equal((await mintAt(job.runtimeEnvironment(), '', token)).status, 401);
  });
});

test('pull_request_target of a fork is the repository’s own event: it may mint', async (t) => {
  const { github, repository } = await startBench(t);
  const job = github.startJob({ repository, event: 'pull_request_target', fork: true, permissions: { 'id-token': 'write' } });
  assert.equal((await mintAt(job.runtimeEnvironment())).status, 200);
});

for (const [name, query, says] of [
  ['a second audience', '&audience=a&audience=b', /expected api-version and at most one audience/],
  ['an unknown parameter', '&scope=all', /asked for a token by api-version, scope/],
] as const) {
  test(`stop() tells of ${name}`, async () => {
    const github = await startGithub();
    const job = github.startJob({
      repository: github.addRepository({ owner: 'acme', name: 'shop' }),
      permissions: { 'id-token': 'write' },
    });
    assert.equal((await mintAt(job.runtimeEnvironment(), query)).status, 400);
    await assert.rejects(github.stop(), says);
  });
}

const claim = (changed: Readonly<Record<string, unknown>>): HostileMint => ({ alter: (claims) => ({ ...claims, ...changed }) });

/** Hostile tokens, and what a careful reader of tokens says of each; null: what only a gateway can compare. */
const HOSTILE: readonly (readonly [name: string, mint: HostileMint, code: string | null])[] = [
  ['alg none', { sign: 'none' }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['alg HS256 with the public key as secret', { sign: 'hs256-with-the-public-key' }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  [
    'alg RS256 over an HMAC of the public key',
    { sign: 'hs256-with-the-public-key', header: { alg: 'RS256' } },
    'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  ],
  ['alg RS512', { header: { alg: 'RS512' } }, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['a key that is not published', { sign: 'unknown-kid' }, 'ERR_JWKS_NO_MATCHING_KEY'],
  ['another key under the name of a published one', { sign: 'foreign-key' }, 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
  ['no key id', { header: { kid: undefined } }, 'ERR_JWKS_MULTIPLE_MATCHING_KEYS'],
  ['another issuer', claim({ iss: 'https://token.actions.githubusercontent.com' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['another audience', claim({ aud: 'sts.amazonaws.com' }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['a list of audiences', claim({ aud: ['sts.amazonaws.com'] }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['a time that is past', claim({ iat: 1_700_000_000, exp: 1_700_000_300 }), 'ERR_JWT_EXPIRED'],
  ['a time that is to come', claim({ nbf: 9_700_000_000 }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['no time', claim({ exp: undefined }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['no jti', claim({ jti: undefined }), 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ['another repository id', claim({ repository_id: '1' }), null],
  ['an id that is a number', claim({ repository_id: 1_000_000 }), null],
  ['another attempt', claim({ run_attempt: '2' }), null],
  ['another workflow', claim({ workflow_ref: 'acme/shop/.github/workflows/other.yml@refs/heads/feature' }), null],
];
describe('a hostile token is what it says:', () => {
  for (const [name, mint, code] of HOSTILE) {
    it(name, async (t) => {
      const { github, job } = await startBench(t);
      const verified = jwtVerify(await job.mint({ audience: 'a', ...mint }), keysOf(github), {
        ...{ issuer: github.issuer, audience: 'a', algorithms: ['RS256'], requiredClaims: ['jti', 'exp', 'iat'] },
      });
      if (code !== null) return assert.rejects(verified, { code });
      const { iss, aud, iat, nbf, exp, jti, ...claims } = (await verified).payload;
      assert.notDeepEqual(claims, job.claims);
    });
  }

  it('the same one twice, for a job whose tokens all are', async (t) => {
    const { github, repository } = await startBench(t);
    const mints = claim({ jti: 'used' });
    const job = github.startJob({ repository, permissions: { 'id-token': 'write' }, mints });
    const { value } = (await (await mintAt(job.runtimeEnvironment())).json()) as { readonly value: string };
    assert.deepEqual([decodeJwt(value).jti, decodeJwt(await job.mint({ audience: 'a' })).jti], ['used', 'used']);
  });
});
