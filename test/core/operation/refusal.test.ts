import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Refusal, refusalText } from '#core/operation/refusal.ts';

const common = { decisionId: 'D1', duty: 'reader' };
const relation = { kind: 'relation', path: ['public', 'customers'] } as const;

describe('refusalText()', () => {
  it('names effect, object, rule, its words, the decision and a remedy', () => {
    const drop = { pair: { effect: 'drop', object: relation }, why: 'denied-by-rule', rule: 'reader.deny[0]', words: 'never' } as const;
    const text = refusalText({ kind: 'denied', ...common, reasons: [drop] });
    assert.equal(text.message, 'duty "reader" does not permit drop on public.customers');
    assert.equal(text.detail, 'duty-gate decision D1: drop on public.customers is denied by rule reader.deny[0] (never)');
    assert.match(text.hint, /"drop"/);
  });

  it('suggests no rule for what is unknown, since none can allow it', () => {
    const unknown = {
      pair: { effect: 'unknown', object: { kind: 'undecidable', why: 'DO runs code' } },
      why: 'unknown-effect',
      rule: null,
      words: null,
    } as const;
    const text = refusalText({ kind: 'denied', ...common, reasons: [unknown] });
    assert.equal(text.message, 'duty "reader" does not permit what cannot be judged (DO runs code)');
    assert.doesNotMatch(text.hint, /add a rule/);
  });

  it('names the duty that refuses where several hold, and each thing that is refused once', () => {
    const pair = { effect: 'insert', object: relation } as const;
    const reasons = ['reader', 'auditor'].map((duty) => ({ pair, why: 'nothing-allows', rule: null, words: null, duty }) as const);
    const { message, detail } = refusalText({ kind: 'denied', decisionId: 'D1', duty: 'writer & reader & auditor', reasons });
    assert.equal(message, 'duty "writer & reader & auditor" does not permit insert on public.customers');
    assert.match(detail, /no rule of duty "reader" allows insert .*; no rule of duty "auditor" allows/);
  });

  it('has a message, the decision and a remedy for every kind', () => {
    const kinds: readonly Refusal[] = [
      { kind: 'unjudgeable', ...common, why: 'w', remedy: 'r' },
      { kind: 'over-limit', ...common, limit: 'l', remedy: 'r' },
      { kind: 'unrecordable', ...common, why: 'the disk is full (ENOSPC)' },
    ];
    for (const refusal of kinds) {
      const { message, detail, hint } = refusalText(refusal);
      assert.ok(message !== '' && hint !== '' && detail.includes('D1'), refusal.kind);
    }
  });
});
