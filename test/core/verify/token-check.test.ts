import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkToken, TOKEN_SKEW_SECONDS_MAX } from '#core/verify/token-check.ts';
import { localToken, newKey, OPENED_MS, sessionEntry } from '#test/fixtures/bundle.ts';

const clientKey = newKey();
const { entry, token } = sessionEntry('s', clientKey, newKey());
const session = { ...entry, claims: { ...entry.claims }, chain: [...entry.chain] };
const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
const at = (seconds: number): string => new Date(OPENED_MS + seconds * 1000).toISOString();
const find = (text: string, change: object = {}, opened = at(0)) => checkToken(Buffer.from(text), { ...session, ...change }, opened);

test('checkToken() calls a token that the client signed for these keys local, never more', () => {
  assert.deepEqual(find(token), { anchoring: 'local', problems: [] });
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

test('checkToken() allows for clocks that differ a little', () => {
  assert.deepEqual(find(token, {}, at(295 + TOKEN_SKEW_SECONDS_MAX - 1)).problems, []);
  assert.notDeepEqual(find(token, {}, at(295 + TOKEN_SKEW_SECONDS_MAX + 1)).problems, []);
  assert.notDeepEqual(find(token, {}, at(-5 - TOKEN_SKEW_SECONDS_MAX - 1)).problems, []);
});

test('checkToken() vouches for no other issuer, whoever signed (R1)', () => {
  const issuer = 'https://token.actions.githubusercontent.com';
  const homeMade = localToken(clientKey, { ...claims, iss: issuer });
  assert.deepEqual(find(homeMade, { issuer, claims: {} }), { anchoring: 'unanchored', problems: [] });
});
