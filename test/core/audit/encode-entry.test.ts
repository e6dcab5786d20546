import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, NotCanonicalizable } from '#core/audit/canonical-json.ts';
import { encodeEntry } from '#core/audit/encode-entry.ts';
import type { AuditEntry, DecisionEntry, OutcomeEntry } from '#core/audit/entry.ts';
import { operationEntries } from '#test/fixtures/bundle.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const pair = fc.record({
  effect: fc.constantFrom('read', 'drop' as const),
  object: fc.oneof(fc.record({ kind: fc.constant('setting' as const), name: text }), fc.constant({ kind: 'none' as const })),
});

const decisions: fc.Arbitrary<DecisionEntry> = fc.record({
  kind: fc.constant('decision' as const),
  decision: text,
  connection: text,
  target: text,
  link: text,
  duty: text,
  outcome: fc.constantFrom('allow', 'hold', 'deny', 'unjudgeable', 'over-limit' as const),
  rules: fc.array(text, { maxLength: 3 }),
  pairs: fc.array(pair, { maxLength: 3 }),
  reasons: fc.array(text, { maxLength: 3 }),
  statement: text,
  parameters: fc.array(fc.option(text), { maxLength: 3 }),
});

const count = fc.oneof(fc.nat(), fc.constant(-0), fc.double({ noNaN: true, noDefaultInfinity: true }));
const outcomes: fc.Arbitrary<OutcomeEntry> = fc.record({
  kind: fc.constant('outcome' as const),
  decision: text,
  status: fc.constantFrom('ok', 'error', 'suspended', 'skipped', 'cut' as const),
  code: fc.option(text),
  rows: count,
  bytes: count,
  masked: count,
  durationMicros: count,
  responseSha256: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/)),
});

test('encodeEntry() writes every kind as canonicalJson() does', () => {
  fc.assert(
    fc.property(fc.oneof(decisions, outcomes), (entry: AuditEntry) => {
      assert.equal(encodeEntry(entry), canonicalJson(entry));
      assert.equal(encodeEntry(entry), canonicalJson(entry)); // the pairs are remembered now
    }),
    { numRuns: 500, verbose: 1 },
  );
  for (const entry of operationEntries()) assert.equal(encodeEntry(entry), canonicalJson(entry));
});

test('encodeEntry() refuses text that has no canonical form', () => {
  const [, decision] = operationEntries();
  assert.ok(decision?.kind === 'decision');
  for (const change of [{ statement: '\ud800' }, { parameters: ['\udc00'] }, { duty: '\ud800' }]) {
    assert.throws(() => encodeEntry({ ...decision, ...change }), NotCanonicalizable);
  }
});
