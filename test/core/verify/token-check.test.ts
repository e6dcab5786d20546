import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { type KnownKeys, pinnedKeys, withKeysFile } from '#core/verify/issuer-keys.ts';
import { checkToken, TOKEN_SKEW_SECONDS_MAX } from '#core/verify/token-check.ts';
import { KEEPS, localToken, newKey, OPENED_MS, sessionEntry } from '#test/fixtures/bundle.ts';
import { BUNDLE_ISSUER, reissue } from '#test/fixtures/issued-bundle.ts';
import { HEADER, jwkOf, OTHER_RSA_KEY, part, RSA_KEY, signToken, signWithPublicKey } from '#test/fixtures/issuer.ts';

const clientKey = newKey();
const genesis = sessionEntry('s', clientKey, newKey());
const { entry, token } = genesis;
const session = { ...entry, claims: { ...entry.claims }, chain: [...entry.chain] };
const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const at = (seconds: number): string => new Date(OPENED_MS + seconds * 1000).toISOString();
const find = (text: string, change: object = {}, opened = at(0)) =>
  checkToken(Buffer.from(text), { ...session, ...change }, opened, pinnedKeys());

test('checkToken() calls a token that the client signed for these keys local, never more', () => {
  assert.deepEqual(find(token), { anchoring: 'local', problems: [], unknownKey: null });
});

test('checkToken() finds every token that is not the one the session entry describes', () => {
  const [head, body, sig] = token.split('.');
  const cases: readonly string[] = [
    '',
    `${head}.${body}`,
    `${token}.`,
    `${token}=`,
    `${head}.${body}.`,
    `.${body}.${sig}`,
    `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`,
    localToken(newKey(), claims),
    ...[
      { aud: `${claims.aud}x` },
      { iss: 'https://issuer' },
      { sub: 'root' },
      { iat: '5' },
      { exp: claims.iat - 600 },
      { jti: 'other' },
    ].map((change) => localToken(clientKey, { ...claims, ...change })),
    `${head}.${Buffer.from(JSON.stringify(claims).replace('"sub":"someone"', '"sub":"\\ud800"')).toString('base64url')}.${sig}`,
  ];
  for (const each of cases) assert.notDeepEqual(find(each).problems, [], each);
});

test('checkToken() holds claims to those of the token, absurd ones too', () => {
  assert.deepEqual(find(token, { claims: {} }).problems, []);
  assert.notDeepEqual(find(token, { claims: { toString: 'x' } }).problems, []);
  const odd = localToken(clientKey, { ...claims, odd: { a: '\ud800' } });
  assert.notDeepEqual(find(odd, { claims: { odd: '{}' } }).problems, []);
});

test('checkToken() takes no header that brings conditions or more than a key, and no token that ends before it began', () => {
  const [head = '', body, sig] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const signed = (more: object) => {
    const input = `${part({ ...header, ...more })}.${body}`;
    return `${input}.${sign(null, Buffer.from(input), clientKey).toString('base64url')}`;
  };
  assert.deepEqual(find(signed({})).problems, []);
  for (const more of [{ crit: [] }, { b64: true }, { x5u: '' }, { jwk: { ...header.jwk, use: 'sig' } }])
    assert.notDeepEqual(find(signed(more)).problems, [], JSON.stringify(more));
  assert.notEqual(sig, undefined);
  assert.notDeepEqual(find(localToken(clientKey, { ...claims, exp: claims.iat - 1 })).problems, []);
  assert.notDeepEqual(find(localToken(clientKey, { ...claims, odd: '\ud800' })).problems, []);
});

test('checkToken() vouches for nothing where the signature was left out as the session says, and holds the rest all the same (R5)', () => {
  const [head, body] = token.split('.');
  const later = { keeps: { ...KEEPS, token: 'after-expiry' } };
  assert.deepEqual(find(`${head}.${body}.`, later), { anchoring: 'unanchored', problems: [], unknownKey: null });
  assert.deepEqual(find(token, later).anchoring, 'local');
  for (const bad of [`${head}.${body}.`, `${head}.${body}`, `${head}.${body}..`, `${head}..`])
    assert.notDeepEqual(find(bad, {}).problems, [], bad);
  for (const bad of [`${head}.${body}..`, `${head}..`, '.', '']) assert.notDeepEqual(find(bad, later).problems, [], bad);
  assert.notDeepEqual(find(`${head}.${body}.`, { ...later, nonce: 'another' }).problems, []);
});

test('checkToken() allows for clocks that differ a little', () => {
  assert.deepEqual(find(token, {}, at(295 + TOKEN_SKEW_SECONDS_MAX - 1)).problems, []);
  assert.notDeepEqual(find(token, {}, at(295 + TOKEN_SKEW_SECONDS_MAX + 1)).problems, []);
  assert.notDeepEqual(find(token, {}, at(-5 - TOKEN_SKEW_SECONDS_MAX - 1)).problems, []);
});

const issued = reissue(genesis);
const job = { ...issued.entry, claims: { ...issued.entry.claims }, chain: [...issued.entry.chain] };
const jobClaims = JSON.parse(Buffer.from(issued.token.split('.')[1] ?? '', 'base64url').toString());

function keysOf(key = RSA_KEY, kid = 'key-one', issuer = BUNDLE_ISSUER): KnownKeys {
  const keys = withKeysFile(JSON.stringify({ issuers: [{ issuer, keys: [jwkOf(key, kid)] }] }));
  return typeof keys === 'string' ? assert.fail(keys) : keys;
}
const findJob = (text: string, keys = keysOf(), change: object = {}) => checkToken(Buffer.from(text), { ...job, ...change }, at(0), keys);

test('R1: checkToken() calls anchored what a key from outside the bundle signed', () => {
  assert.deepEqual(findJob(issued.token), { anchoring: 'anchored', problems: [], unknownKey: null });
});

test('R1: checkToken() anchors nothing by a key that it does not know, or knows of another issuer', () => {
  const unanchored = { anchoring: 'unanchored', problems: [], unknownKey: 'key-one' };
  assert.deepEqual(findJob(issued.token, pinnedKeys()), unanchored);
  assert.deepEqual(findJob(issued.token, keysOf(RSA_KEY, 'key-two')), unanchored);
  assert.deepEqual(findJob(issued.token, keysOf(RSA_KEY, 'key-one', 'http://127.0.0.1:1')), unanchored);
});

test('R1: checkToken() calls broken what a home-made issuer signed under a key id that is known', () => {
  const { problems, anchoring } = findJob(signToken(OTHER_RSA_KEY, HEADER, jobClaims));
  assert.deepEqual([anchoring, problems.map(({ code }) => code)], ['unanchored', ['token']]);
});

test('checkToken() finds tokens that no issuer wrote so, whatever it knows', () => {
  const header = (change: object) => signToken(RSA_KEY, { ...HEADER, ...change }, jobClaims);
  const [head, body] = issued.token.split('.');
  const cases: readonly string[] = [
    ...[{ alg: 'none' }, { alg: 'RS512' }, { kid: 5 }, { jku: 'https://x' }, { jwk: jwkOf(RSA_KEY, 'key-one') }, { crit: ['exp'] }].map(
      header,
    ),
    signWithPublicKey(RSA_KEY, { ...HEADER, alg: 'HS256' }, jobClaims),
    localToken(clientKey, jobClaims),
    `${head}.${body}`,
    `${head}.${body}.`,
    `${part({ alg: 'none', typ: 'JWT' })}.${body}.`,
    signToken(RSA_KEY, HEADER, `{"iss":"https://evil.example",${JSON.stringify(jobClaims).slice(1)}`),
    signToken(RSA_KEY, HEADER, { ...jobClaims, aud: [jobClaims.aud] }),
    signToken(RSA_KEY, HEADER, { ...jobClaims, iss: `${BUNDLE_ISSUER}/` }),
    signToken(RSA_KEY, HEADER, { ...jobClaims, repository_id: '35' }),
    signToken(RSA_KEY, HEADER, { ...jobClaims, jti: undefined }),
  ];
  for (const each of cases) {
    for (const keys of [keysOf(), pinnedKeys()]) {
      const { problems, anchoring } = findJob(each, keys);
      assert.notDeepEqual(problems, [], each);
      assert.equal(anchoring, 'unanchored');
    }
  }
});

test('R1: checkToken() lets no session of issuer local pass for one of GitHub, nor the other way round', () => {
  assert.notDeepEqual(findJob(issued.token, keysOf(), { issuer: 'local' }).problems, []);
  assert.notDeepEqual(findJob(token, keysOf(), { issuer: 'local' }).problems, []);
  assert.notDeepEqual(find(token, { issuer: BUNDLE_ISSUER }).problems, []);
});
