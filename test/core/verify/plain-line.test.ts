import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCanonicalJson } from '#core/audit/canonical-json.ts';
import { chainLine } from '#core/audit/chain.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { PlainLines } from '#core/verify/plain-line.ts';
import { commandEntry, operationEntries } from '#test/fixtures/bundle.ts';

const STATE = { entries: 12, last: 'ab'.repeat(32) };
const AT = '2026-01-02T03:04:05.678Z';
const lineOf = (entry: AuditEntry): string => chainLine(STATE, AT, entry).line;
const [, ALLOWED, OUTCOME, REFUSED] = operationEntries();
assert.ok(ALLOWED?.kind === 'decision' && OUTCOME?.kind === 'outcome' && REFUSED?.kind === 'decision');

/** What the ordinary way makes of a line; null: it is none. */
function ordinary(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    const line = LineEnvelope.safeParse(value);
    if (!isCanonicalJson(text, value) || !line.success) return null;
    const read = readEntry(line.data.entry);
    return 'known' in read && read.known ? { ...line.data, entry: read.entry } : null;
  } catch {
    return null;
  }
}

test('PlainLines reads outcomes at once, and decisions once their pairs have been seen', () => {
  const plain = new PlainLines();
  assert.deepEqual(plain.read(lineOf(OUTCOME)), { at: AT, n: 12, prev: STATE.last, entry: { kind: 'outcome', decision: 'd1', masked: 3 } });
  assert.equal(plain.read(lineOf(ALLOWED)), null);
  plain.learn(lineOf(ALLOWED));
  assert.deepEqual(plain.read(lineOf(ALLOWED))?.entry, { kind: 'decision', decision: 'd1', duty: 'reader', link: '0', outcome: 'allow' });
  assert.equal(plain.read(lineOf(REFUSED)), null);
  plain.learn(lineOf(REFUSED));
  assert.deepEqual(plain.read(lineOf(REFUSED))?.entry, { kind: 'decision', decision: 'd2', duty: 'reader', link: '0', outcome: 'deny' });
});

test('PlainLines leaves what is not plain, or waits, or is of another kind, to the ordinary way', () => {
  const plain = new PlainLines();
  plain.learn(lineOf(ALLOWED));
  const others: readonly AuditEntry[] = [
    ...['"', '\\', '\n', '\u{1f600}'].map((statement) => ({ ...ALLOWED, statement })),
    { ...ALLOWED, outcome: 'hold' },
    { ...OUTCOME, code: '\u0001' },
    { ...OUTCOME, rows: 10 ** 15 },
    commandEntry(),
  ];
  for (const entry of others) {
    assert.equal(plain.read(lineOf(entry)), null, JSON.stringify(entry));
    assert.notEqual(ordinary(lineOf(entry)), null);
  }
});

const text = fc.string({
  unit: fc.constantFrom('a', 'é', ' ', '"', '\\', '{', ']', ',', ':', '\u007f', '\u2028', '\u{1f600}', '"pairs":', ',"parameters":'),
  maxLength: 6,
});
const decisions = fc.record({
  statement: text,
  link: fc.constantFrom('0', '12', 'a-b', '', 'a.b'),
  duty: text,
  target: text,
  connection: text,
  rules: fc.array(text, { maxLength: 2 }),
  reasons: fc.array(text, { maxLength: 2 }),
  parameters: fc.array(fc.option(text), { maxLength: 2 }),
});
const edits = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 3 }),
  put: fc.constantFrom('', '0', '1', '"', ',', ' ', 'a', '}', '-', '.', 'null', '\\', '"x":1,', '2', 'Z'),
});

test('PlainLines takes nothing that the ordinary way would not, however a line is changed, and makes the same of it', () => {
  const plain = new PlainLines();
  for (const entry of [ALLOWED, REFUSED]) plain.learn(lineOf(entry));
  let taken = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        decisions.map((changes) => ({ ...ALLOWED, ...changes })),
        fc.constant(OUTCOME),
      ),
      fc.array(edits, { maxLength: 3 }),
      (entry, changes) => {
        let line = lineOf(entry);
        for (const { at, remove, put } of changes) {
          const from = at % (line.length + 1);
          line = line.slice(0, from) + put + line.slice(from + remove);
        }
        const found = plain.read(line);
        if (found === null) return;
        taken += 1;
        const expected = ordinary(line);
        assert.ok(expected !== null, line);
        assert.deepEqual([found.at, found.n, found.prev], [expected.at, expected.n, expected.prev]);
        for (const [name, value] of Object.entries(found.entry))
          assert.deepEqual(Object.entries(expected.entry).find(([key]) => key === name)?.[1], value, name);
      },
    ),
    { numRuns: 5000, verbose: 1 },
  );
  assert.ok(taken > 500, `${taken} lines were plain`);
});
