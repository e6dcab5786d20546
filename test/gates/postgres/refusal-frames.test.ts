import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Refusal, refusalText } from '#core/operation/refusal.ts';
import { loadGrammar } from '#core/sql/grammar.ts';
import { refusalError, standIn } from '#gates/postgres/refusal-frames.ts';
import { errorFields } from '#gates/postgres/server-messages.ts';
import { messages, text, texts } from '#test/simulate/wire.ts';

const DENIED: Refusal = {
  kind: 'denied',
  decisionId: 'd-1',
  duty: 'reader',
  reasons: [
    { pair: { effect: 'drop', object: { kind: 'relation', path: ['public', 'orders'] } }, why: 'nothing-allows', rule: null, words: null },
  ],
};

/** PROTOCOLS 1. */
const REFUSALS: readonly (readonly [refusal: Refusal, sqlState: string])[] = [
  [DENIED, '42501'],
  [{ kind: 'unjudgeable', decisionId: 'd-1', duty: 'reader', why: 'it cannot be parsed', remedy: 'Write it otherwise.' }, '0A000'],
  [{ kind: 'over-limit', decisionId: 'd-1', duty: 'reader', limit: 'statement of 1 MiB', remedy: 'Split it.' }, '54000'],
  [{ kind: 'unrecordable', decisionId: 'd-1', duty: 'reader', why: 'the disk is full' }, '58030'],
];

for (const [refusal, sqlState] of REFUSALS) {
  test(`refusalError() says ${refusal.kind} as ERROR ${sqlState}, the decision in DETAIL, the remedy in HINT`, () => {
    const frame = refusalError(refusal);
    const [only, ...others] = [...messages(frame)];
    assert.equal(others.length, 0);
    assert.equal(only?.type, 'E');
    const { message, detail, hint } = refusalText(refusal);
    const expected = [
      ['S', 'ERROR'],
      ['V', 'ERROR'],
      ['C', sqlState],
      ['M', message],
      ['D', detail],
      ['H', hint],
    ];
    assert.deepEqual([...errorFields(frame, 0, frame.length)], expected);
    assert.match(detail, /d-1/);
  });
}

test('refusalError() lets no name play with the terminal', () => {
  const path = ['public', '\x1b]0;owned\x07'] as const;
  const frame = refusalError({
    ...DENIED,
    reasons: DENIED.reasons.map((reason) => ({ ...reason, pair: { effect: 'drop', object: { kind: 'relation', path } } })),
  });
  assert.doesNotMatch(frame.toString('latin1', 5), /[\x01-\x08\x0b-\x1f]/);
});

test('standIn() is one message of the form that it stands in for', () => {
  const bodies = (['simple', 'extended', 'unnamed-parse'] as const).map((form) => {
    const [only, ...others] = [...messages(standIn(form))];
    assert.ok(only !== undefined && others.length === 0);
    return only;
  });
  assert.deepEqual(
    bodies.map(({ type }) => type),
    ['Q', 'P', 'P'],
  );
  assert.equal(texts(bodies[1]?.body ?? Buffer.alloc(0))[0], 'duty_gate_refused');
  assert.equal(texts(bodies[2]?.body ?? Buffer.alloc(0))[0], '');
});

for (const major of [15, 16, 17, 18]) {
  test(`standIn() cannot succeed: PostgreSQL ${major}'s own grammar rejects its text`, async () => {
    const grammar = await loadGrammar(major);
    const simple = text([...messages(standIn('simple'))][0]?.body ?? Buffer.alloc(0));
    for (const statement of [
      simple,
      ...(['extended', 'unnamed-parse'] as const).map((form) => texts([...messages(standIn(form))][0]?.body ?? Buffer.alloc(0))[1]),
    ]) {
      assert.throws(() => grammar.parse(statement));
    }
  });
}
