import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { newKey, operationEntries, sessionEntry } from '#test/fixtures/bundle.ts';

test('readEntry() knows every kind that is written', () => {
  const others = [
    sessionEntry('s', newKey(), newKey()).entry,
    { kind: 'recording', file: 'recordings/0/terminal.rec', offset: 0, bytes: 1, sha256: '0'.repeat(64) },
    { kind: 'command', link: '0', event: 'ended', argv: [], exitCode: null, signal: 'SIGKILL' },
    { kind: 'seal', entries: 1, allowed: 0, refused: 0, masked: 0 },
  ] as const;
  for (const entry of [...operationEntries(), ...others]) {
    const read = readEntry(entry);
    assert.ok('known' in read && read.known, JSON.stringify(read));
    assert.deepEqual(read.entry, entry);
  }
});

test('readEntry() passes over kinds and members of later versions', () => {
  assert.deepEqual(readEntry({ kind: 'egress-attempt', port: 53 }), { known: false, entry: { kind: 'egress-attempt' } });
  const read = readEntry({ kind: 'seal', entries: 1, allowed: 0, refused: 0, masked: 0, later: true });
  assert.ok('known' in read && read.known);
});

test('readEntry() says what is wrong with a known kind', () => {
  const cases = [
    { kind: 'seal', entries: -1, allowed: 0, refused: 0, masked: 0 },
    { kind: 'outcome', decision: 'd' },
    { kind: 'decision', decision: '', outcome: 'allow' },
    { kind: 'recording', file: 'f', offset: 0.5, bytes: 1, sha256: 'A'.repeat(64) },
  ];
  for (const entry of cases) assert.ok('problem' in readEntry(entry), entry.kind);
});

test('LineEnvelope holds a line to its five members', () => {
  const line = { at: '2026-01-02T03:04:05.678Z', entry: { kind: 'x' }, n: 0, prev: '0'.repeat(64), v: 1 };
  assert.ok(LineEnvelope.safeParse(line).success);
  const bad = [
    { v: 2 },
    { n: -1 },
    { prev: 'A'.repeat(64) },
    { at: '2026-02-30T03:04:05.678Z' },
    { at: '2026-01-02T03:04:05Z' },
    { more: 1 },
    { entry: { kind: 'UPPER' } },
    { entry: {} },
  ];
  for (const change of bad) assert.ok(!LineEnvelope.safeParse({ ...line, ...change }).success, JSON.stringify(change));
});
