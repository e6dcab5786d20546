import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AuditEntry, Link } from '#core/audit/entry.ts';
import { readEntry } from '#core/audit/entry-schema.ts';
import { AGENTS_MAX, ChainRules, DEPTH_MAX } from '#core/verify/chain-rules.ts';
import { newKey, sessionEntry } from '#test/fixtures/bundle.ts';
import { Delegations } from '#test/fixtures/delegations.ts';

const GENESIS = sessionEntry('s', newKey(), newKey()).entry;
const CHAIN: readonly Link[] = GENESIS.chain;

/** What the rules say to each entry that is about chains. */
function take(entries: readonly AuditEntry[]): readonly (string | null)[] {
  const genesis = readEntry(GENESIS);
  assert.ok('known' in genesis && genesis.known && genesis.entry.kind === 'session');
  const rules = new ChainRules(genesis.entry);
  return entries.map((entry) => {
    const read = readEntry(entry);
    assert.ok('known' in read && read.known, JSON.stringify(read));
    if (read.entry.kind === 'delegation') return rules.delegation(read.entry)?.code ?? null;
    if (read.entry.kind === 'agent') return rules.agent(read.entry)?.code ?? null;
    return read.entry.kind === 'decision' ? (rules.decision(read.entry.link, read.entry.duty)?.code ?? null) : null;
  });
}

const chain = () => new Delegations(CHAIN);

test('ChainRules takes a job, an agent in its cage, and a child that the agent started', () => {
  const { entries } = chain()
    .decided('1', 'reader', 'd1')
    .agent('1', 'auditor')
    .decided('1', 'reader & auditor', 'd2')
    .delegated('1', '2', 'writer')
    .decided('2', 'reader & auditor & writer', 'd3');
  assert.deepEqual(take(entries), Array(5).fill(null));
});

test('ChainRules narrows a child with its parent, after it began', () => {
  const { entries } = chain().delegated('1', '2', 'writer').decided('2', 'reader & writer', 'd1').agent('1', 'auditor');
  assert.deepEqual(take([...entries, ...chain().decided('2', 'reader & auditor & writer', 'd2').entries]), Array(4).fill(null));
  assert.equal(take([...entries, ...chain().decided('2', 'reader & writer', 'd2').entries]).at(-1), 'chain');
});

const BROKEN: readonly (readonly [string, Delegations, string])[] = [
  ['a decision under the wider duty after an agent was seen', chain().agent('1', 'auditor').decided('1', 'reader', 'd'), 'chain'],
  ['a decision under less than holds', chain().delegated('1', '2', 'writer').decided('2', 'writer', 'd'), 'chain'],
  ['a delegation that leaves out a duty of its parent', chain().delegated('1', '2', 'writer', { duties: ['writer'] }), 'chain'],
  ['a delegation that adds one', chain().delegated('1', '2', 'writer', { duties: ['reader', 'writer', 'x'] }), 'chain'],
  ['a delegation with the chain of another', chain().delegated('1', '2', 'writer', { chainSha256: '0'.repeat(64) }), 'chain'],
  ['a delegation under another name than its chain has', chain().delegated('1', '2', 'writer', { principal: 'somebody else' }), 'chain'],
  ['a second delegation to one command', chain().delegated('1', '2', 'writer').delegated('1', '2', 'writer'), 'order'],
  ['a delegation to a command that had an agent', chain().agent('2', 'auditor').delegated('1', '2', 'writer'), 'order'],
  ['an agent that leaves a duty out', chain().agent('1', 'auditor', { duties: ['auditor'] }), 'chain'],
  ['an agent of another number', chain().agent('1', 'auditor', { agent: '1-2' }), 'order'],
  ['an agent of another cage', chain().agent('1', 'auditor', { agent: '2-1' }), 'order'],
];

for (const [what, { entries }, code] of BROKEN) {
  test(`ChainRules refuses ${what}`, () => {
    const codes = take(entries);
    assert.equal(codes.at(-1), code);
    assert.ok(codes.slice(0, -1).every((each) => each === null));
  });
}

test('ChainRules bounds how long chains get, and how many agents a cage has', () => {
  const deep = chain();
  for (let depth = 1; depth <= DEPTH_MAX + 1; depth += 1) deep.delegated(String(depth), String(depth + 1), 'reader');
  assert.deepEqual(take(deep.entries), [...Array(DEPTH_MAX).fill(null), 'entry']);
  const many = chain();
  for (let count = 0; count <= AGENTS_MAX; count += 1) many.agent('1', 'reader');
  assert.deepEqual(take(many.entries), [...Array(AGENTS_MAX).fill(null), 'entry']);
});

test('ChainRules keeps every duty of a chain, whatever is delegated and seen in whatever order', () => {
  const steps = fc.array(fc.record({ at: fc.nat(10), agent: fc.boolean(), duty: fc.constantFrom('a', 'b', 'c') }), { maxLength: 12 });
  fc.assert(
    fc.property(steps, (taken) => {
      const built = chain();
      const links = ['1'];
      for (const { at, agent, duty } of taken) {
        const link = links[at % links.length] ?? '1';
        if (agent) built.agent(link, duty);
        else {
          links.push(String(links.length + 1));
          built.delegated(link, links.at(-1) ?? '', duty);
        }
        for (const each of links) built.decided(each, [...new Set(built.chainOf(each).map((one) => one.duty))].join(' & '), 'd');
      }
      assert.ok(take(built.entries).every((code) => code === null));
    }),
    { numRuns: 200 },
  );
});
