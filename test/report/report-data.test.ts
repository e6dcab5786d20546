import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainLine, EMPTY_CHAIN } from '#core/audit/chain.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { OPERATIONS_MAX, type ReportData, ReportGatherer, STATEMENT_CHARACTERS_MAX } from '#report/report-data.ts';
import { commandEntry, operationEntries } from '#test/fixtures/bundle.ts';
import { verificationOf } from './verification.ts';

function gather(entries: readonly AuditEntry[]): ReportData {
  const gatherer = new ReportGatherer();
  for (const entry of entries) gatherer.take(Buffer.from(chainLine(EMPTY_CHAIN, '2026-01-02T03:04:05.678Z', entry).line));
  return gatherer.data(verificationOf());
}

test('ReportGatherer joins decisions with their ends, and both with their command', () => {
  const ended: AuditEntry = { kind: 'command', link: '0', event: 'ended', argv: ['true'], exitCode: 3, signal: null };
  const { operations, commands } = gather([commandEntry(), ...operationEntries(), ended]);
  assert.deepEqual(
    operations.map(({ link, outcome, effects, reasons, end }) => [link, outcome, effects, reasons, end?.rows ?? null]),
    [
      ['0', 'allow', ['read public.orders'], [], 2],
      ['0', 'deny', ['drop public.orders'], ['nothing-allows'], null],
    ],
  );
  assert.deepEqual([commands.length, commands[0]?.result], [1, 'exit code 3']);
});

test('ReportGatherer shows what it can of what is too long, too much or no entry', () => {
  const [, allow] = operationEntries();
  assert.ok(allow?.kind === 'decision');
  const { operations } = gather([{ ...allow, statement: 'x'.repeat(STATEMENT_CHARACTERS_MAX + 7) }]);
  assert.deepEqual([operations[0]?.statement.length, operations[0]?.cut], [STATEMENT_CHARACTERS_MAX, 7]);
  const many = gather(Array.from({ length: OPERATIONS_MAX + 2 }, (_, n) => ({ ...allow, decision: `d${n}` })));
  assert.deepEqual([many.operations.length, many.operationsLeftOut], [OPERATIONS_MAX, 2]);
  const gatherer = new ReportGatherer();
  for (const line of ['', '{', '{"at":1}', '\xff']) gatherer.take(Buffer.from(line, 'latin1'));
  assert.deepEqual(gatherer.data(verificationOf()).operations, []);
});
