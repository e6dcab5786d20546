import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigningKey } from '#control/keys.ts';
import type { ChainLink } from '#core/chain/chain.ts';
import { readChainToken } from '#core/chain/chain-token.ts';
import { signChain } from '#gateway/sign-chain.ts';

test('signChain() signs what readChainToken() reads, under the evidence key alone', () => {
  const key = createSigningKey();
  const job: ChainLink = {
    ...{ link: 'job', principal: 'someone', duty: 'writer', executable: '', started: '2026-01-02T03:04:05.678Z' },
    keyThumbprint: key.thumbprint,
  };
  const claims = { session: 's', gateway: key.thumbprint, chain: [job] };
  const token = signChain(claims, key.privateKey, 1_500);
  assert.deepEqual(readChainToken(token, key.thumbprint), claims);
  assert.equal(typeof readChainToken(token, createSigningKey().thumbprint), 'string');
});
