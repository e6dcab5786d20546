import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ChainLink } from '#core/chain/chain.ts';
import { CHAIN_TOKEN_CHARACTERS_MAX, type ChainClaims, chainSigningInput, readChainToken } from '#core/chain/chain-token.ts';
import { Ed25519Jwk, ed25519Thumbprint } from '#core/identity/ed25519.ts';

const JOB: ChainLink = {
  ...{ link: 'job', principal: 'someone', duty: 'writer', executable: '', started: '2026-01-02T03:04:05.678Z' },
  keyThumbprint: 'A'.repeat(43),
};
const AGENT: ChainLink = { ...JOB, link: '1-1', duty: 'reader', executable: '/usr/bin/agent', keyThumbprint: null };
const CLAIMS: ChainClaims = { session: 's', gateway: 'g', chain: [JOB, AGENT] };

const { privateKey } = generateKeyPairSync('ed25519');
const jwkOf = (key: KeyObject): Ed25519Jwk => {
  const { crv, kty, x } = key.export({ format: 'jwk' });
  return Ed25519Jwk.parse({ crv, kty, x });
};
const JWK = jwkOf(privateKey);
const THUMBPRINT = ed25519Thumbprint(JWK);

function signed(input: string, key = privateKey): string {
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = signed(chainSigningInput(CLAIMS, JWK, 1000));
const HEADER = { alg: 'EdDSA', typ: 'duty-gate-chain+jws', jwk: JWK };
const BODY = { v: 1, ...CLAIMS, iat: 1 };

describe('readChainToken()', () => {
  it('reads what chainSigningInput() wrote and the evidence key signed', () => {
    assert.deepEqual(readChainToken(TOKEN, THUMBPRINT), CLAIMS);
  });

  it('carries the act claim for others to read', () => {
    const claims = JSON.parse(Buffer.from(TOKEN.split('.')[1] ?? '', 'base64url').toString());
    assert.deepEqual([claims.sub, claims.act, claims.iat], ['someone', { sub: 'link:1-1 /usr/bin/agent' }, 1000]);
  });

  const { privateKey: theirs } = generateKeyPairSync('ed25519');
  const refused: readonly (readonly [string, string])[] = [
    ['a chain signed by another key, which it names', signed(chainSigningInput(CLAIMS, jwkOf(theirs), 1), theirs)],
    ['a chain signed by another key than it names', signed(chainSigningInput(CLAIMS, JWK, 1), theirs)],
    ['another algorithm', signed(`${part({ ...HEADER, alg: 'none' })}.${part(BODY)}`)],
    ['a token of another type', signed(`${part({ ...HEADER, typ: 'JWT' })}.${part(BODY)}`)],
    ['a header with more members', signed(`${part({ ...HEADER, crit: ['x'] })}.${part(BODY)}`)],
    ['a chain without links', signed(`${part(HEADER)}.${part({ ...BODY, chain: [] })}`)],
    ['a link with more members', signed(`${part(HEADER)}.${part({ ...BODY, chain: [{ ...JOB, x: 1 }] })}`)],
    ['another version', signed(`${part(HEADER)}.${part({ ...BODY, v: 2 })}`)],
    ['a token without signature', TOKEN.slice(0, TOKEN.lastIndexOf('.') + 1)],
    ['a token that is too long', signed(`${part(HEADER)}.${part({ ...BODY, more: 'x'.repeat(CHAIN_TOKEN_CHARACTERS_MAX) })}`)],
    ['nothing', ''],
  ];
  for (const [what, token] of refused) {
    it(`refuses ${what}`, () => assert.equal(typeof readChainToken(token, THUMBPRINT), 'string'));
  }

  it('refuses a chain that was shortened, or changed in any character', () => {
    const [head = '', , signature = ''] = TOKEN.split('.');
    assert.equal(typeof readChainToken(`${head}.${part({ ...BODY, chain: [JOB] })}.${signature}`, THUMBPRINT), 'string');
    fc.assert(
      fc.property(fc.nat(TOKEN.length - 1), fc.constantFrom('A', 'B', '_', '.', ' ', '='), (at, put) => {
        const changed = TOKEN.slice(0, at) + put + TOKEN.slice(at + 1);
        assert.equal(typeof readChainToken(changed, THUMBPRINT), changed === TOKEN ? 'object' : 'string');
      }),
    );
  });
});
