import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownEntry } from '#core/audit/entry-schema.ts';
import { OPERATIONS_CHARACTERS_MAX, OPERATIONS_MAX, ShownOperations, STATEMENT_CHARACTERS_MAX } from '#report/shown-operations.ts';

type Decision = Extract<KnownEntry, { kind: 'decision' }>;
const PLACE = { at: '2026-01-02T03:04:05.678Z', n: 7, link: '1' };

function decision(change: Partial<Decision> = {}): Decision {
  const judged = { outcome: 'allow', rules: ['r.allow[0]'], pairs: [], reasons: [] } as const;
  return {
    ...{ kind: 'decision', decision: 'd', connection: 'c', link: '1', target: 'db', duty: 'r', statement: 'SELECT 1', parameters: [] },
    ...{ ...judged, rules: [...judged.rules], pairs: [], reasons: [] },
    ...change,
  };
}

function outcome(id: string, rows = 1): Extract<KnownEntry, { kind: 'outcome' }> {
  return { kind: 'outcome', decision: id, status: 'ok', code: null, rows, bytes: 0, masked: 0, durationMicros: 5, responseSha256: null };
}

test('ShownOperations joins a decision with its own outcome, also where an id is used again', () => {
  const operations = new ShownOperations();
  operations.decision(PLACE, decision());
  operations.outcome(outcome('d', 1));
  operations.decision(PLACE, decision());
  operations.outcome(outcome('d', 2));
  operations.decision(PLACE, decision({ outcome: 'deny', reasons: ['nothing-allows'] }));
  operations.outcome(outcome('d', 3));
  assert.deepEqual(
    operations.shown().operations.map(({ outcome: judged, end }) => [judged, end?.rows ?? null]),
    [
      ['allow', 1],
      ['allow', 2],
      ['deny', null],
    ],
  );
});

test('ShownOperations cuts statements, and tells NULL from text', () => {
  const operations = new ShownOperations();
  operations.decision(PLACE, decision({ statement: 'x'.repeat(1_000_000), parameters: ['NULL', null] }));
  const [shown] = operations.shown().operations;
  assert.deepEqual([shown?.statement.length, shown?.cut], [STATEMENT_CHARACTERS_MAX, 1_000_000 - STATEMENT_CHARACTERS_MAX]);
  assert.deepEqual(shown?.parameters, ["'NULL'", 'NULL']);
});

test('ShownOperations keeps room for refusals, however much else was asked for', () => {
  const operations = new ShownOperations();
  for (let n = 0; n < OPERATIONS_MAX + 5; n += 1) operations.decision(PLACE, decision({ decision: `d${n}` }));
  operations.decision(PLACE, decision({ outcome: 'deny', statement: 'DROP TABLE customers' }));
  const { operations: shown, operationsLeftOut } = operations.shown();
  assert.equal(shown.length, OPERATIONS_MAX + 1);
  assert.equal(shown.at(-1)?.statement, 'DROP TABLE customers');
  assert.deepEqual(operationsLeftOut, { allowed: 5, refused: 0 });
});

test('ShownOperations takes a bounded number of characters, and leaves no gap in a list', () => {
  const operations = new ShownOperations();
  const wide = decision({ outcome: 'deny', statement: 'x'.repeat(STATEMENT_CHARACTERS_MAX) });
  const many = Math.ceil(OPERATIONS_CHARACTERS_MAX / STATEMENT_CHARACTERS_MAX) + 3;
  for (let n = 0; n < many; n += 1) operations.decision(PLACE, wide);
  operations.decision(PLACE, decision({ outcome: 'deny', statement: 'small' }));
  const { operations: shown, operationsLeftOut } = operations.shown();
  assert.ok(shown.reduce((sum, { statement }) => sum + statement.length, 0) <= OPERATIONS_CHARACTERS_MAX);
  assert.equal(shown.length + operationsLeftOut.refused, many + 1);
  assert.ok(shown.every(({ statement }) => statement !== 'small'));
});
