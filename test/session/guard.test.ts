import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import type { Operation } from '#core/operation/operation.ts';
import { createGuard, type Judgement } from '#session/guard.ts';
import { Narrowing } from '#session/narrowing.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import type { AuditResult } from '#session/ports.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { KEEPER } from '#test/simulate/vocabulary.ts';

function operation(effect: 'read' | 'drop'): Operation {
  const pairs = [{ effect, object: { kind: 'relation', path: ['public', 'things'] } }] as const;
  return {
    target: 'db',
    protocol: 'postgres',
    database: 'd',
    pairs,
    statements: 1,
    statement: `${effect} things`,
    parameters: ['1', null],
  };
}

function makeGuard(digestsResponses = false) {
  const right = Narrowing.ofSession(KEEPER);
  const entries: AuditEntry[] = [];
  const waiting: ((result: AuditResult) => void)[] = [];
  let micros = 0;
  let ids = 0;
  const guard = createGuard({
    link: '1',
    right,
    counts: new OperationCounts(),
    audit: {
      append(entry, written) {
        entries.push(entry);
        if (written !== undefined) waiting.push(written);
      },
    },
    ids: { next: () => `id-${ids++}` },
    clock: { nowMs: () => 0, monotonicMicros: () => (micros += 7) },
    digestsResponses,
  });
  return { guard, right, entries, write: (result: AuditResult) => waiting.shift()?.(result) };
}

describe('createGuard()', () => {
  it('P1 answers only after the decision entry has been written', () => {
    const { guard, entries, write } = makeGuard();
    const answers: Judgement[] = [];
    guard.ask('c', { kind: 'operation', operation: operation('read') }, (judgement) => answers.push(judgement));
    assert.equal(answers.length, 0);
    assert.equal(entries[0]?.kind, 'decision');
    write({ ok: true });
    assert.equal(answers[0]?.kind, 'cleared');
  });

  it('P2 refuses what is allowed when its entry could not be written', () => {
    const { guard, write } = makeGuard();
    const answers: Judgement[] = [];
    guard.ask('c', { kind: 'operation', operation: operation('read') }, (judgement) => answers.push(judgement));
    write({ ok: false, why: 'no space' });
    const [answer] = answers;
    assert.ok(answer?.kind === 'refused' && answer.refusal.kind === 'unrecordable');
  });

  it('records what it refuses, with the reasons', () => {
    const { guard, entries, write } = makeGuard();
    const answers: Judgement[] = [];
    guard.ask('c', { kind: 'operation', operation: operation('drop') }, (judgement) => answers.push(judgement));
    guard.ask('c', { kind: 'unjudgeable', target: 'db', statement: 's', why: 'nobody can read it', remedy: 'r' }, (judgement) =>
      answers.push(judgement),
    );
    guard.ask('c', { kind: 'over-limit', target: 'db', statement: 's', limit: 'size', remedy: 'r' }, (judgement) =>
      answers.push(judgement),
    );
    for (let count = 0; count < 3; count++) write({ ok: true });
    assert.deepEqual(
      answers.map((answer) => (answer.kind === 'refused' ? answer.refusal.kind : 'cleared')),
      ['denied', 'unjudgeable', 'over-limit'],
    );
    assert.deepEqual(
      entries.map((entry) => (entry.kind === 'decision' ? [entry.outcome, entry.reasons.length] : [])),
      [
        ['deny', 1],
        ['unjudgeable', 1],
        ['over-limit', 1],
      ],
    );
  });

  it('records one outcome for each cleared decision, with its duration, and none for others', () => {
    const { guard, entries, write } = makeGuard();
    const outcome = { status: 'ok', code: null, rows: 1, bytes: 2, masked: 3 } as const;
    guard.outcome('id-0', outcome);
    guard.ask('c', { kind: 'operation', operation: operation('read') }, () => {});
    write({ ok: true });
    guard.outcome('id-0', outcome);
    guard.outcome('id-0', outcome);
    const outcomes = entries.filter((entry) => entry.kind === 'outcome');
    assert.deepEqual(outcomes, [{ kind: 'outcome', decision: 'id-0', ...outcome, durationMicros: 7, responseSha256: null }]);
  });

  it('hashes the response of each cleared operation, and of no other, where responses are kept', () => {
    const { guard, entries, write } = makeGuard(true);
    const outcome = { status: 'ok', code: null, rows: 1, bytes: 2, masked: 3 } as const;
    for (const id of ['id-0', 'id-1']) {
      guard.response(id, Buffer.from('too early'));
      guard.ask('c', { kind: 'operation', operation: operation('read') }, () => {});
      write({ ok: true });
    }
    for (const piece of ['one', 'two', 'three']) guard.response('id-0', Buffer.from(piece));
    guard.outcome('id-0', outcome);
    guard.outcome('id-1', outcome);
    const hashes = entries.flatMap((entry) => (entry.kind === 'outcome' ? [entry.responseSha256] : []));
    assert.deepEqual(hashes, [sha256Hex('onetwothree'), sha256Hex('')]);
  });

  it('refuses, and records as over a limit, what a duty has no more operations for, and takes what asks for nothing', () => {
    const few = dutyNamed('few', { allow: KEEPER.allow, operationsMax: 1 });
    const { guard, right, entries, write } = makeGuard();
    right.narrow(few);
    const answers: Judgement[] = [];
    const commit = { ...operation('read'), pairs: [], statement: 'COMMIT' };
    for (const asked of [operation('drop'), operation('read'), operation('read'), operation('drop'), commit]) {
      guard.ask('c', { kind: 'operation', operation: asked }, (judgement) => answers.push(judgement));
      write({ ok: true });
    }
    assert.deepEqual(
      answers.map((answer) => (answer.kind === 'refused' ? answer.refusal.kind : 'cleared')),
      ['denied', 'cleared', 'over-limit', 'denied', 'cleared'],
    );
    const over = entries[2];
    assert.ok(over?.kind === 'decision');
    assert.deepEqual([over.outcome, over.rules, over.pairs, over.statement], ['over-limit', [], operation('read').pairs, 'read things']);
    assert.match(over.reasons.join(), /1 operations? of duty "few"/);
  });

  it('previews without recording anything', () => {
    const { guard, entries } = makeGuard();
    assert.equal(guard.preview(operation('read')).outcome, 'allow');
    assert.equal(guard.preview(operation('drop')).outcome, 'deny');
    assert.deepEqual(entries, []);
  });

  it('R26 judges by what the right is at each operation, though it has judged the same one before', () => {
    const { guard, right, entries } = makeGuard();
    const read = operation('read');
    assert.equal(guard.preview(read).outcome, 'allow');
    right.narrow(dutyNamed('nobody'));
    assert.equal(guard.preview(read).outcome, 'deny');
    guard.ask('c', { kind: 'operation', operation: read }, () => {});
    assert.deepEqual(
      entries.map((entry) => (entry.kind === 'decision' ? [entry.link, entry.duty, entry.outcome] : [])),
      [['1', 'keeper & nobody', 'deny']],
    );
  });
});
