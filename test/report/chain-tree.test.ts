import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { readEntry } from '#core/audit/entry-schema.ts';
import { ChainTree, LINKS_MAX } from '#report/chain-tree.ts';
import { newKey, sessionEntry } from '#test/fixtures/bundle.ts';
import { Delegations } from '#test/fixtures/delegations.ts';

const GENESIS = sessionEntry('s', newKey(), newKey()).entry;

function treeOf(entries: readonly AuditEntry[]): ChainTree {
  const tree = new ChainTree();
  for (const each of [GENESIS, ...entries]) {
    const read = readEntry(each);
    assert.ok('known' in read && read.known);
    const { entry } = read;
    if (entry.kind === 'session') tree.session(entry);
    if (entry.kind === 'command') tree.started(entry);
    if (entry.kind === 'delegation') tree.delegation(entry);
    if (entry.kind === 'agent') tree.agent(entry);
    if (entry.kind === 'cage' && entry.event === 'made') tree.cage(entry.cage);
    if (entry.kind === 'decision') tree.decision(entry);
  }
  return tree;
}

test('ChainTree has job, agent and sub-agent under one another, each with its duty and what it did', () => {
  const { entries } = new Delegations(GENESIS.chain)
    .started('1')
    .decided('1', 'reader', 'd1')
    .agent('1', 'auditor')
    .decided('1', 'reader & auditor', 'd2')
    .delegated('1', '2', 'writer')
    .started('2')
    .decided('2', 'reader & auditor & writer', 'd3')
    .decided('2', 'reader & auditor & writer', 'd4')
    .started('3');
  const { chains, linksLeftOut } = treeOf(entries).shown();
  assert.deepEqual(
    chains.map(({ depth, kind, link, name, duty, allowed, refused }) => [depth, kind, link, name, duty, allowed, refused]),
    [
      [0, 'job', 'job', 'someone', 'reader', 0, 0],
      [1, 'command', '1', 'true', 'reader', 0, 1],
      [2, 'agent', '1-1', '/usr/bin/agent', 'auditor', 0, 1],
      [3, 'delegated', '2', '/bin/child', 'writer', 0, 2],
      [1, 'command', '3', 'true', 'reader', 0, 0],
    ],
  );
  assert.equal(linksLeftOut, 0);
});

test("ChainTree has what comes out of the job's cage under the cage, and agents in it below", () => {
  const { entries } = new Delegations(GENESIS.chain)
    .started('1')
    .cage('cage-1', 'made', '1')
    .decided('cage-1', 'reader', 'd1')
    .agent('cage-1', 'auditor')
    .decided('cage-1', 'reader & auditor', 'd2')
    .delegated('cage-1', '2', 'writer')
    .started('2');
  assert.deepEqual(
    treeOf(entries)
      .shown()
      .chains.map(({ depth, kind, link, refused }) => [depth, kind, link, refused]),
    [
      [0, 'job', 'job', 0],
      [1, 'command', '1', 0],
      [1, 'cage', 'cage-1', 1],
      [2, 'agent', 'cage-1-1', 1],
      [3, 'delegated', '2', 0],
    ],
  );
});

test('ChainTree shows a bounded number of links, and how many more there are', () => {
  const many = new Delegations(GENESIS.chain);
  for (let link = 1; link <= LINKS_MAX + 5; link += 1) many.started(String(link));
  const { chains, linksLeftOut } = treeOf(many.entries).shown();
  assert.deepEqual([chains.length, linksLeftOut], [LINKS_MAX, 6]);
});

test('ChainTree takes a session whose chain is longer than a job', () => {
  const tree = new ChainTree();
  tree.session({ chain: [...GENESIS.chain, ...GENESIS.chain] });
  tree.started({ link: '1', argv: ['x'] });
  assert.deepEqual(
    tree.shown().chains.map(({ depth }) => depth),
    [0, 1, 2],
  );
});
