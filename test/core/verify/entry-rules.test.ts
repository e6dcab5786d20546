import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { type KnownEntry, readEntry } from '#core/audit/entry-schema.ts';
import { CHUNKS_MAX, COMMANDS_MAX, EntryRules, OPEN_DECISIONS_MAX } from '#core/verify/entry-rules.ts';
import { commandEntry, NO_KEYS, newKey, operationEntries, sessionEntry } from '#test/fixtures/bundle.ts';
import { Delegations } from '#test/fixtures/delegations.ts';

const AT = '2026-01-02T03:04:05.678Z';
const place = (n: number) => ({ n, at: AT, prev: '0'.repeat(64) });
const GENESIS = sessionEntry('s', newKey(), newKey()).entry;

function take(entries: readonly AuditEntry[]): { rules: EntryRules; codes: (string | null)[] } {
  const rules = new EntryRules(NO_KEYS);
  const codes = entries.map((entry, n) => {
    const read = readEntry(entry);
    assert.ok('known' in read);
    return rules.take(place(n), read)?.code ?? null;
  });
  return { rules, codes };
}

test('EntryRules counts what a session did', () => {
  const { rules, codes } = take([
    GENESIS,
    commandEntry(),
    ...operationEntries(),
    { kind: 'seal', entries: 8, allowed: 1, refused: 1, masked: 3 },
  ]);
  assert.deepEqual(codes, Array(8).fill(null));
  assert.ok(rules.sealed);
  assert.deepEqual([rules.counts.allowed, rules.counts.refused, rules.counts.masked, rules.counts.withoutOutcome], [1, 1, 3, 0]);
  assert.equal(rules.session?.session, 's');
});

test('EntryRules refuses a decision that is under way already', () => {
  const allow = operationEntries()[1] ?? assert.fail();
  assert.deepEqual(take([GENESIS, commandEntry(), allow, allow]).codes, [null, null, null, 'order']);
});

test('EntryRules keeps chunks of each recording end to end', () => {
  const chunk = (link: string, offset: number): AuditEntry => ({
    kind: 'recording',
    file: `recordings/${link}/terminal.rec`,
    offset,
    bytes: 10,
    sha256: '0'.repeat(64),
  });
  const { rules, codes } = take([
    ...[GENESIS, commandEntry('a'), commandEntry('b')],
    ...[chunk('a', 0), chunk('b', 0), chunk('a', 10), chunk('b', 20), chunk('a', 10)],
  ]);
  assert.deepEqual(codes, [null, null, null, null, null, null, 'recording', 'recording']);
  assert.equal(rules.chunks.get('recordings/a/terminal.rec')?.length, 2);
  assert.deepEqual(take([GENESIS, { ...chunk('a', 0), kind: 'recording', file: 'recordings/a/terminal.cast' } as AuditEntry]).codes, [
    null,
    'recording',
  ]);
});

test('EntryRules lets each command start once, end once, and do things in between only', () => {
  const ended = (link: string): AuditEntry => ({ kind: 'command', link, event: 'ended', argv: ['true'], exitCode: 0, signal: null });
  const opened = (link: string): AuditEntry => ({ kind: 'connection', connection: 'c', link, target: 't', event: 'opened', why: null });
  const chunk = (link: string): AuditEntry => ({
    ...{ kind: 'recording', file: `recordings/${link}/terminal.rec`, offset: 0, bytes: 1, sha256: '0'.repeat(64) },
  });
  const started = commandEntry('a');
  assert.deepEqual(take([GENESIS, started, opened('a'), chunk('a'), ended('a')]).codes, Array(5).fill(null));
  for (const stray of [opened('b'), chunk('b'), ended('b'), started]) {
    assert.deepEqual(take([GENESIS, started, stray]).codes, [null, null, 'order']);
  }
  for (const late of [opened('a'), chunk('a'), ended('a'), started]) {
    assert.deepEqual(take([GENESIS, started, ended('a'), late]).codes, [null, null, null, 'order']);
  }
});

test('EntryRules has cages made once, entered and ended while they stand, and never taken for commands', () => {
  const of = (build: (delegations: Delegations) => Delegations) => build(new Delegations(GENESIS.chain)).entries;
  const made = of((chain) => chain.started('1').cage('cage-1', 'made', '1'));
  const ended: AuditEntry = { kind: 'command', link: '1', event: 'ended', argv: ['true'], exitCode: 0, signal: null };
  const goesOn = of((chain) => chain.decided('cage-1', 'reader', 'd1').started('2').cage('cage-1', 'entered', '2').cage('cage-1', 'ended'));
  assert.deepEqual(take([GENESIS, ...made, ended, ...goesOn]).codes, Array(8).fill(null));
  const wrong = (...more: readonly AuditEntry[]) => take([GENESIS, ...made, ...more]).codes.at(-1);
  const cage = (event: 'made' | 'entered' | 'ended', command: string | null, name = 'cage-1') =>
    of((chain) => chain.cage(name, event, command));
  for (const stray of [
    cage('made', '1'),
    cage('made', '9', 'cage-2'),
    cage('made', null, 'cage-2'),
    cage('made', 'cage-1', 'cage-2'),
    cage('made', '1', '1'),
    cage('entered', null),
    cage('entered', '9'),
    cage('entered', '1', '1'),
    cage('entered', '1', 'cage-2'),
    cage('ended', '1'),
    cage('ended', null, '1'),
    [...cage('ended', null), ...cage('ended', null)],
    [...cage('ended', null), ...cage('entered', '1')],
    [...cage('ended', null), ...of((chain) => chain.decided('cage-1', 'reader', 'd1'))],
    [commandEntry('cage-1')],
    [{ ...ended, link: 'cage-1' }],
  ])
    assert.equal(wrong(...stray), 'order', JSON.stringify(stray));
});

const egressEntry: AuditEntry = {
  ...{ kind: 'egress', link: '1', attempt: 'e1', host: 'a.example', port: 443, rule: null, protocol: 'tls', event: 'opened' },
  ...{ seen: 'a.example', address: '1.1.1.1', why: null, sent: 0, received: 0, durationMicros: 0, times: 1 },
};

test('EntryRules lets only commands that run reach something, delegate, have agents and decide', () => {
  const of = (build: (delegations: Delegations) => Delegations) => build(new Delegations(GENESIS.chain)).entries;
  const ended: AuditEntry = { kind: 'command', link: '1', event: 'ended', argv: ['true'], exitCode: 0, signal: null };
  const whole = of((chain) =>
    chain.started('1').delegated('1', '2', 'writer').started('2').agent('2', 'auditor').decided('2', 'reader & writer & auditor', 'd1'),
  );
  const { rules, codes } = take([GENESIS, ...whole]);
  assert.deepEqual(codes, Array(6).fill(null));
  assert.deepEqual([rules.counts.delegations, rules.counts.agents], [1, 1]);
  const strays = [
    of((chain) => chain.delegated('1', '2', 'writer')),
    of((chain) => chain.agent('1', 'auditor')),
    of((chain) => chain.decided('1', 'reader', 'd1')),
    [egressEntry],
  ];
  for (const stray of strays) {
    assert.deepEqual(take([GENESIS, ...stray]).codes, [null, 'order']);
    assert.deepEqual(take([GENESIS, commandEntry('1'), ended, ...stray]).codes, [null, null, null, 'order']);
  }
  assert.deepEqual(take([GENESIS, commandEntry('1'), commandEntry('2'), ...(strays[0] ?? [])]).codes, [null, null, null, 'order']);
  assert.deepEqual(take([GENESIS, commandEntry('1'), ...of((chain) => chain.decided('1', 'writer', 'd1'))]).codes, [null, null, 'chain']);
});

test('EntryRules holds no more than the named number of open decisions, chunks and commands', () => {
  const known = (entry: AuditEntry): KnownEntry => {
    const read = readEntry(entry);
    assert.ok('known' in read && read.known);
    return read.entry;
  };
  const decision = known(operationEntries()[1] ?? assert.fail());
  const chunk = known({ kind: 'recording', file: 'recordings/a/terminal.rec', offset: 0, bytes: 1, sha256: '0'.repeat(64) });
  const cases = [
    ['entry', OPEN_DECISIONS_MAX, (n: number) => ({ ...decision, link: 'a', decision: `d${n}` })],
    ['recording', CHUNKS_MAX, (n: number) => ({ ...chunk, offset: n })],
    ['entry', COMMANDS_MAX - 1, (n: number) => commandEntry(`c${n}`)],
  ] as const;
  for (const [code, max, make] of cases) {
    const rules = new EntryRules(NO_KEYS);
    rules.take(place(0), { known: true, entry: known(GENESIS) });
    rules.take(place(1), { known: true, entry: known(commandEntry('a')) });
    let broken: string | undefined;
    let taken = 0;
    for (; broken === undefined && taken <= max; taken += 1)
      broken = rules.take(place(taken + 2), { known: true, entry: make(taken) as KnownEntry })?.code;
    assert.deepEqual([broken, taken], [code, max + 1]);
  }
});
