import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annotateRefused } from '#action/annotations.ts';
import type { RefusedOperation } from '#action/refused-operations.ts';
import { fakeToolkit } from './fake-toolkit.ts';

const operation = (statement: string): RefusedOperation => ({
  at: '2026-01-02T03:04:05.678Z',
  target: 'orders-db',
  statement,
  reasons: ['no rule', 'and\u202e another'],
});

test('annotateRefused() shows each operation with its reasons, and nothing hidden in them', () => {
  const toolkit = fakeToolkit();
  annotateRefused(toolkit, { first: [operation('DROP TABLE x;\n::error::y')], count: 1 });
  assert.deepEqual(toolkit.annotations, [
    { level: 'warning', title: 'duty-gate: refused', message: 'orders-db: DROP TABLE x;\\u{a}::error::y\nno rule; and\\u{202e} another' },
  ]);
});

test('annotateRefused() shows no more than the runner does, and counts the rest', () => {
  const counts = [0, 1, 9, 10, 500].map((count) => {
    const toolkit = fakeToolkit();
    annotateRefused(toolkit, { first: Array.from({ length: Math.min(count, 100) }, (_, index) => operation(`DROP ${index}`)), count });
    return [toolkit.annotations.length, toolkit.annotations.at(-1)?.message.split(' ', 1)[0]];
  });
  assert.deepEqual(counts, [
    [0, undefined],
    [1, 'orders-db:'],
    [9, 'orders-db:'],
    [9, '2'],
    [9, '492'],
  ]);
});
