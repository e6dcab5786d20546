import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openUsedTokens, type UsedTokens, UsedTokensError } from '#adapters/files/used-tokens.ts';
import { createIssuerKeys } from '#adapters/github/issuer-keys.ts';
import { type AudiencePreimage, sessionAudience } from '#core/identity/audience.ts';
import { parsePolicy } from '#core/policy/parse.ts';
import type { Policy } from '#core/policy/policy.ts';
import { withKeysFile } from '#core/verify/issuer-keys.ts';
import { checkToken, TOKEN_SKEW_SECONDS_MAX } from '#core/verify/token-check.ts';
import type { SessionFacts } from '#core/verify/verification.ts';
import {
  type IdentifyGithubSetup,
  identifyGithub,
  SKEW_SECONDS_MAX,
  TOKEN_CHARACTERS_MAX,
  TOKEN_SECONDS_MAX,
} from '#gateway/identify-github.ts';
import { Nonces } from '#gateway/nonces.ts';
import { KEEPS } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import {
  githubClaims,
  HEADER,
  jwkOf,
  OTHER_RSA_KEY,
  part,
  RSA_KEY,
  signToken,
  signWithPublicKey,
  startIssuer,
  type TestIssuer,
} from '#test/fixtures/issuer.ts';

const NOW = 1_700_000_000;
const THUMBPRINT = 'A'.repeat(43);
const CLIENT_KEY = 'B'.repeat(43);

function policyFor(issuer: string): Policy {
  const parsed = parsePolicy(`version: 1
targets: { db: { protocol: postgres, address: db, database: shop, user: app } }
duties: { d: { allow: [ { on: db, effects: [read] } ] } }
bindings:
  - { duties: [d], when: { issuer: "${issuer}", repository: acme/shop } }
  - { duties: [d], when: { issuer: local } }
`);
  return parsed.ok ? parsed.policy : assert.fail('no policy');
}

type Bench = {
  readonly setup: IdentifyGithubSetup;
  readonly server: TestIssuer;
  readonly clock: { seconds: number };
  readonly audience: (but?: Partial<AudiencePreimage>) => string;
  /** Claims of a job that is to open a session, with an audience of its own. */
  readonly claims: (change?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  readonly open: (token: string) => ReturnType<typeof identifyGithub>;
};

async function bench(t: TestContext, { usedTokens = usedIn(t) }: { usedTokens?: UsedTokens } = {}): Promise<Bench> {
  const server = await startIssuer(t);
  const clock = { seconds: NOW };
  const nowMs = () => clock.seconds * 1000;
  let count = 0;
  const nonces = new Nonces(() => `nonce-number-${count++}`);
  const keys = createIssuerKeys({ nowMs, retryMs: 1, replyMsMax: 500 });
  const setup = { gateway: THUMBPRINT, evidenceKey: THUMBPRINT, nonces, nowMs, policy: policyFor(server.issuer), keys, usedTokens };
  const audience = (but: Partial<AudiencePreimage> = {}) =>
    sessionAudience({ gateway: THUMBPRINT, evidenceKey: THUMBPRINT, clientKey: CLIENT_KEY, nonce: nonces.issue(), ...but });
  const claims = (change: Readonly<Record<string, unknown>> = {}) => ({ ...githubClaims(server.issuer, NOW, audience()), ...change });
  return { setup, server, clock, audience, claims, open: (token) => identifyGithub(setup, token, CLIENT_KEY) };
}

function usedIn(t: TestContext, folder = join(temporaryFolder(t), 'used')): UsedTokens {
  const used = openUsedTokens(folder, () => NOW * 1000);
  t.after(() => used.close());
  return used;
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => assert.fail('it was taken')).catch((cause: unknown) => cause);
  assert.ok(error instanceof Error && 'code' in error, String(error));
  assert.equal(error.code, 'unauthenticated', error.message);
  assert.match(error.message, /^Cannot accept the identity token: [^\p{C}]+$/u);
  return error.message;
}

test('identifyGithub() takes a token made for this gateway, nonce and pair of keys (R2)', async (t) => {
  const { open, claims, server } = await bench(t);
  const token = signToken(RSA_KEY, HEADER, claims());
  const identity = await open(token);
  assert.deepEqual(
    [identity.issuer, identity.nonce, identity.clientKey, identity.token],
    [server.issuer, 'nonce-number-0', CLIENT_KEY, token],
  );
  assert.equal(identity.principal, 'github:ann (acme/shop, run 4711.1)');
  assert.deepEqual([identity.claims.repository, identity.claims['repository-id']], ['acme/shop', '34']);
  assert.deepEqual([identity.tokenClaims['run_id'], identity.tokenClaims['exp']], ['4711', String(NOW + 298)]);
});

test('identifyGithub() takes no token that verify would not, at the edges of its time too', async (t) => {
  const { open, claims, clock, server, setup } = await bench(t);
  const known = withKeysFile(JSON.stringify({ issuers: [{ issuer: server.issuer, keys: server.keys }] }));
  assert.ok(typeof known !== 'string' && SKEW_SECONDS_MAX < TOKEN_SKEW_SECONDS_MAX);
  for (const [index, seconds] of [NOW + 298 + SKEW_SECONDS_MAX - 1, NOW - 2 - SKEW_SECONDS_MAX].entries()) {
    clock.seconds = seconds;
    const identity = await open(signToken(RSA_KEY, HEADER, claims({ jti: `edge-${index}`, nbf: undefined })));
    const { issuer, tokenClaims, nonce, clientKey } = identity;
    const facts: SessionFacts = {
      ...{ kind: 'session', session: 's', gateway: setup.gateway, issuer, claims: { ...tokenClaims }, chain: [], nonce, clientKey },
      ...{ policySha256: '0'.repeat(64), policySource: null, evidenceKey: setup.evidenceKey, confinement: 'confined', keeps: KEEPS },
    };
    const opened = new Date((seconds + 10) * 1000).toISOString();
    assert.deepEqual(checkToken(Buffer.from(identity.token), facts, opened, known), {
      anchoring: 'anchored',
      problems: [],
      unknownKey: null,
    });
  }
});

type Make = (bench: Bench) => string;
const header =
  (change: Readonly<Record<string, unknown>>): Make =>
  ({ claims }) =>
    signToken(RSA_KEY, { ...HEADER, ...change }, claims());
const claim =
  (change: (bench: Bench) => Readonly<Record<string, unknown>>): Make =>
  (at) =>
    signToken(RSA_KEY, HEADER, at.claims(change(at)));

/** Section by section: form, header, issuer, key, signature, claims, times, audience. Each says why in its own words. */
const HOSTILE: readonly (readonly [name: string, token: Make, says: RegExp])[] = [
  ['nothing', () => '', /not a signed compact JWS/],
  ['no signature', ({ claims }) => signToken(RSA_KEY, HEADER, claims()).replace(/[^.]*$/, ''), /not a signed compact JWS/],
  ['a huge token', ({ claims }) => signToken(RSA_KEY, HEADER, claims({ x: 'x'.repeat(TOKEN_CHARACTERS_MAX) })), /longer than 16384/],
  ['another spelling of its signature', ({ claims }) => `${signToken(RSA_KEY, HEADER, claims())}=`, /strict base64url/],
  [
    'a claim twice',
    ({ claims }) => signToken(RSA_KEY, HEADER, `{"repository_id":"35",${JSON.stringify(claims()).slice(1)}`),
    /names a member twice/,
  ],
  [
    'a header twice',
    ({ claims }) => signToken(RSA_KEY, `{"alg":"none",${JSON.stringify(HEADER).slice(1)}`, claims()),
    /names a member twice/,
  ],
  ['alg none', header({ alg: 'none' }), /signed with "none", expected RS256/],
  ['alg none and no signature', ({ claims }) => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims())}.`, /not a signed compact JWS/],
  ['alg none in other letters', header({ alg: 'nOnE' }), /signed with "nOnE"/],
  [
    'alg HS256 with the public key as secret',
    ({ claims }) => signWithPublicKey(RSA_KEY, { ...HEADER, alg: 'HS256' }, claims()),
    /signed with "HS256"/,
  ],
  ['alg RS256 over an HMAC of the public key', ({ claims }) => signWithPublicKey(RSA_KEY, HEADER, claims()), /signature is not that/],
  ['alg PS256', header({ alg: 'PS256' }), /signed with "PS256"/],
  ['a key by address', header({ jku: 'https://evil.example/jwks' }), /header has jku/],
  [
    'a key of its own',
    ({ claims }) => signToken(OTHER_RSA_KEY, { ...HEADER, jwk: jwkOf(OTHER_RSA_KEY, 'key-one') }, claims()),
    /header has jwk/,
  ],
  ['a certificate of its own', header({ x5c: ['…'] }), /header has x5c/],
  ['a condition', header({ crit: ['exp'] }), /header has crit/],
  ['a key id that is unknown', header({ kid: 'key-nine' }), /its key "key-nine" is none that http:.* publishes/],
  ['no key id', header({ kid: undefined }), /no usable kid/],
  ['another key', ({ claims }) => signToken(OTHER_RSA_KEY, HEADER, claims()), /signature is not that/],
  ['other claims than were signed', ({ claims }) => changed(signToken(RSA_KEY, HEADER, claims())), /signature is not that/],
  [
    'another issuer',
    claim(() => ({ iss: 'https://token.actions.githubusercontent.com' })),
    /its issuer is "https:\/\/token.*expected one that a binding names: http:/,
  ],
  ['its issuer with a slash more', claim(({ server }) => ({ iss: `${server.issuer}/` })), /its issuer is "http.*\/", expected/],
  ['issuer local', claim(() => ({ iss: 'local' })), /its issuer is "local"/],
  ['a list of issuers', claim(({ server }) => ({ iss: [server.issuer] })), /its issuer is missing/],
  ['an issuer with a line break', claim(() => ({ iss: 'x\n::error::y' })), /its issuer is "x/],
  ['no jti', claim(() => ({ jti: undefined })), /claims are malformed: jti/],
  ['a list of audiences', claim(({ audience }) => ({ aud: [audience()] })), /aud: is a list/],
  ['no repository_id', claim(() => ({ repository_id: undefined })), /claims are malformed: repository_id/],
  ['an id that is a number', claim(() => ({ repository_id: 34 })), /claims are malformed: repository_id/],
  [
    'the claims of the runner’s own token',
    claim(() => ({ aud: 'vso:1', repository: undefined, repository_id: undefined })),
    /claims are malformed/,
  ],
  ['a time that is past', claim(() => ({ iat: NOW - 400, exp: NOW - SKEW_SECONDS_MAX })), /it has expired/],
  ['a time that is to come', claim(() => ({ nbf: NOW + SKEW_SECONDS_MAX + 1 })), /not valid yet/],
  ['an issue that is to come', claim(() => ({ iat: NOW + SKEW_SECONDS_MAX + 1, exp: NOW + 300 })), /issued in the future/],
  ['a time without end', claim(() => ({ exp: NOW + TOKEN_SECONDS_MAX })), /valid for longer than any token/],
  ['an end before its beginning', claim(() => ({ iat: NOW, exp: NOW - 1 })), /valid for longer than any token/],
  ['GitHub’s own audience', claim(() => ({ aud: 'https://github.com/acme' })), /not that of a session of duty-gate/],
  ['the audience of an approval', claim(() => ({ aud: `duty-gate:approve:v1:${THUMBPRINT}:x` })), /not that of a session of duty-gate/],
  ['the audience of another gateway', claim(({ audience }) => ({ aud: audience({ gateway: 'other' }) })), /audience is another gateway/],
  ['the audience of another client key', claim(({ audience }) => ({ aud: audience({ clientKey: THUMBPRINT }) })), /names other keys/],
  ['the audience of another evidence key', claim(({ audience }) => ({ aud: audience({ evidenceKey: CLIENT_KEY }) })), /names other keys/],
  ['a nonce that is none of ours', claim(({ audience }) => ({ aud: audience({ nonce: 'made-up' }) })), /its nonce is used up/],
  ['an audience with another field', claim(({ audience }) => ({ aud: `${audience()}:more` })), /names other keys/],
];

function changed(token: string): string {
  const [head, body = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return `${head}.${part({ ...claims, repository_id: '35' })}.${signature}`;
}

for (const [name, make, says] of HOSTILE) {
  test(`identifyGithub() refuses ${name}, and uses nothing up by it`, async (t) => {
    const at = await bench(t);
    const good = at.claims();
    assert.match(await refusalOf(at.open(make(at))), says);
    await at.open(signToken(RSA_KEY, HEADER, good));
  });
}

test('identifyGithub() takes a token once', async (t) => {
  const { open, claims } = await bench(t);
  const token = signToken(RSA_KEY, HEADER, claims());
  await open(token);
  assert.match(await refusalOf(open(token)), /it was used before/);
});

test('identifyGithub() takes a token once, however many open with it at the same time', async (t) => {
  const { open, claims } = await bench(t);
  const token = signToken(RSA_KEY, HEADER, claims());
  const found = await Promise.allSettled(Array.from({ length: 8 }, () => open(token)));
  assert.equal(found.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('identifyGithub() takes a jti once, though all else of the token is new, and after a restart', async (t) => {
  const folder = join(temporaryFolder(t), 'used');
  const before = await bench(t, { usedTokens: usedIn(t, folder) });
  await before.open(signToken(RSA_KEY, HEADER, before.claims({ jti: 'the-one' })));
  assert.match(await refusalOf(before.open(signToken(RSA_KEY, HEADER, before.claims({ jti: 'the-one' })))), /it was used before/);
  const after = await bench(t, { usedTokens: usedIn(t, folder) });
  const setup = { ...after.setup, policy: policyFor(before.server.issuer) };
  const token = signToken(RSA_KEY, HEADER, after.claims({ iss: before.server.issuer, jti: 'the-one' }));
  assert.match(await refusalOf(identifyGithub(setup, token, CLIENT_KEY)), /it was used before/);
});

test('identifyGithub() refuses where a use cannot be remembered (P2)', async (t) => {
  const usedTokens: UsedTokens = {
    has: () => false,
    use: () => {
      throw new UsedTokensError('failed', 'Cannot remember used tokens: ENOSPC');
    },
    close: () => undefined,
  };
  const { open, claims } = await bench(t, { usedTokens });
  assert.match(await refusalOf(open(signToken(RSA_KEY, HEADER, claims()))), /its use cannot be recorded\. .*ENOSPC/);
});

test('identifyGithub() sees a rotation: the new key at once, the old one as long as it is published', async (t) => {
  const { open, claims, server, clock } = await bench(t);
  await open(signToken(RSA_KEY, HEADER, claims({ jti: 'before' })));
  server.keys = [...server.keys, jwkOf(OTHER_RSA_KEY, 'key-two')];
  clock.seconds += 31;
  await open(signToken(OTHER_RSA_KEY, { ...HEADER, kid: 'key-two' }, claims({ jti: 'new' })));
  await open(signToken(RSA_KEY, HEADER, claims({ jti: 'old' })));
  server.keys = [jwkOf(OTHER_RSA_KEY, 'key-two')];
  clock.seconds += 3600;
  const late = githubClaims(server.issuer, clock.seconds, 'x');
  assert.match(await refusalOf(open(signToken(RSA_KEY, HEADER, { ...late, jti: 'gone' }))), /its key "key-one" is none/);
});

test('identifyGithub() says where the keys are not to be had', async (t) => {
  const { setup, claims } = await bench(t);
  const down = { ...setup, policy: policyFor('http://127.0.0.1:1/oidc') };
  const token = signToken(RSA_KEY, HEADER, claims({ iss: 'http://127.0.0.1:1/oidc' }));
  assert.match(
    await refusalOf(identifyGithub(down, token, CLIENT_KEY)),
    /its signature cannot be checked\. Cannot fetch http:\/\/127\.0\.0\.1:1.*no connection/,
  );
});

test('identifyGithub() asks nobody for keys before the policy has named the issuer', async (t) => {
  const { setup, server, claims } = await bench(t);
  const token = signToken(RSA_KEY, HEADER, claims());
  assert.match(
    await refusalOf(identifyGithub({ ...setup, policy: policyFor('local') }, token, CLIENT_KEY)),
    /expected one that a binding names: none is named/,
  );
  assert.deepEqual(server.requests, []);
});
