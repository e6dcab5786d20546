import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChainLink } from '#core/chain/chain.ts';
import { LinkChain } from '#session/link-chain.ts';

const link = (name: string): ChainLink => ({
  ...{ link: name, principal: 'someone', duty: 'reader', executable: '', started: '2026-01-02T03:04:05.678Z', keyThumbprint: null },
});
const names = (chain: LinkChain) => chain.links().map((each) => each.link);

test('LinkChain has the links of whoever started it, and agents that are seen there later, before its own', () => {
  const parent = LinkChain.ofSession([link('job')]);
  const child = parent.child(link('2'));
  assert.deepEqual(names(child), ['job', '2']);
  parent.add(link('1-1'));
  child.add(link('2-1'));
  assert.deepEqual(names(parent), ['job', '1-1']);
  assert.deepEqual(names(child), ['job', '1-1', '2', '2-1']);
});
