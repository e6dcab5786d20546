import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { POSTGRES_EFFECTS } from '#core/operation/operation.ts';
import { decide } from '#core/policy/decide.ts';
import type { Duty, Rule } from '#core/policy/policy.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { operationOf, pairOf, type RuleParts, ruleOf } from './build.ts';

function dutyWith(allow: readonly Rule[], deny: readonly Rule[] = []): Duty {
  return dutyNamed('d', { allow, deny });
}

test('decide() denies a pair that nothing allows', () => {
  const decision = decide(dutyWith([]), operationOf([pairOf('read public.t')]));
  assert.deepEqual(decision, {
    outcome: 'deny',
    rules: [],
    reasons: [{ pair: pairOf('read public.t'), why: 'nothing-allows', rule: null, words: null }],
  });
});

test('decide() names the rules that covered the pairs, sorted, once', () => {
  const duty = dutyWith([ruleOf({ id: 'b', effects: ['read'] }), ruleOf({ id: 'a', effects: ['insert'] })]);
  const operation = operationOf(['read public.t', 'read public.u', 'insert public.v'].map(pairOf));
  assert.deepEqual(decide(duty, operation), { outcome: 'allow', rules: ['a', 'b'] });
});

test('decide() lists every pair that stands in the way, in the order of the operation', () => {
  const duty = dutyWith([ruleOf({ id: 'a', effects: ['read'] })], [ruleOf({ id: 'x', effects: ['drop'], reason: 'no drops' })]);
  const decision = decide(duty, operationOf(['drop public.t', 'read public.t', 'unknown ?', 'insert public.t'].map(pairOf)));
  assert.equal(decision.outcome, 'deny');
  assert.deepEqual(decision.rules, ['x']);
  assert.deepEqual(decision.outcome === 'deny' && decision.reasons.map(({ why, rule, words }) => [why, rule, words]), [
    ['denied-by-rule', 'x', 'no drops'],
    ['unknown-effect', null, null],
    ['nothing-allows', null, null],
  ]);
});

test('decide() quotes, of several rules that deny a pair, one that has words', () => {
  const duty = dutyWith([], [ruleOf({ id: 'x' }), ruleOf({ id: 'y', reason: 'because' })]);
  const decision = decide(duty, operationOf([pairOf('drop public.t')]));
  assert.deepEqual(decision.rules, ['x', 'y']);
  assert.equal(decision.outcome === 'deny' && decision.reasons[0]?.rule, 'y');
});

test('decide() allows an operation that asks for nothing', () => {
  assert.deepEqual(decide(dutyWith([]), operationOf([])), { outcome: 'allow', rules: [] });
});

test('decide() keeps to the target and the database of a rule', () => {
  const duty = dutyWith([ruleOf({ id: 'a', on: ['orders-*'], databases: ['shop'] })]);
  const pairs = [pairOf('read public.t')];
  assert.equal(decide(duty, operationOf(pairs, 'orders-db', 'shop')).outcome, 'allow');
  assert.equal(decide(duty, operationOf(pairs, 'orders-db', 'other')).outcome, 'deny');
  assert.equal(decide(duty, operationOf(pairs, 'web-db', 'shop')).outcome, 'deny');
});

const EFFECT = fc.constantFrom(...POSTGRES_EFFECTS);
const KNOWN_EFFECT = fc.constantFrom(...POSTGRES_EFFECTS.filter((effect) => effect !== 'unknown'));
const RELATIONS = fc.constantFrom(['public.*'], ['public.t'], ['*.*', '!public.t'], ['audit.*']);
const PAIR = fc
  .tuple(
    EFFECT,
    fc.constantFrom(
      '-',
      'public.t',
      'public.u',
      'audit.t',
      '@pg_catalog.pg_class',
      'public.f()',
      '=work_mem',
      'schema:public',
      'role:bob',
      '?',
    ),
  )
  .map(([effect, object]) => pairOf(`${effect} ${object}`));
const OPERATION = fc.array(PAIR, { minLength: 1, maxLength: 4 }).map((pairs) => operationOf(pairs));
let made = 0;
const rules = (effect: typeof EFFECT | typeof KNOWN_EFFECT) =>
  fc.array(
    fc
      .record(
        {
          on: fc.constantFrom(['db'], ['*'], ['other']),
          effects: fc.array(effect, { minLength: 1, maxLength: 4 }),
          relations: RELATIONS,
          functions: fc.constantFrom(['public.f'], ['*.g']),
          databases: fc.constantFrom(['shop'], ['x*']),
          reason: fc.constantFrom('words', 'more words'),
        },
        { requiredKeys: [] },
      )
      .map((parts) => ruleOf({ ...(parts as Omit<RuleParts, 'id'>), id: `rule-${made++}` })),
    { maxLength: 5 },
  );
const DUTY = fc.tuple(rules(KNOWN_EFFECT), rules(EFFECT)).map(([allow, deny]) => dutyWith(allow, deny));

test('decide() does not depend on the order of rules', () => {
  const shuffled = DUTY.chain((duty) =>
    fc.tuple(
      fc.constant(duty),
      fc.shuffledSubarray([...duty.allow], { minLength: duty.allow.length }),
      fc.shuffledSubarray([...duty.deny], { minLength: duty.deny.length }),
    ),
  );
  fc.assert(
    fc.property(shuffled, OPERATION, ([duty, allow, deny], operation) => {
      assert.deepEqual(decide(dutyWith(allow, deny), operation), decide(duty, operation));
    }),
  );
});

test('decide() does not depend on the order of pairs', () => {
  fc.assert(
    fc.property(DUTY, OPERATION, (duty, operation) => {
      const turned = decide(duty, operationOf(operation.pairs.toReversed()));
      const straight = decide(duty, operation);
      assert.equal(turned.outcome, straight.outcome);
      assert.deepEqual(turned.rules, straight.rules);
    }),
  );
});

test('decide() denies by default: without allow rules nothing passes', () => {
  fc.assert(fc.property(rules(EFFECT), OPERATION, (deny, operation) => decide(dutyWith([], deny), operation).outcome === 'deny'));
});

test('decide() never allows the effect unknown, even by a rule that names it', () => {
  const everything = ruleOf({ id: 'all', effects: [...POSTGRES_EFFECTS] });
  fc.assert(
    fc.property(DUTY, OPERATION, (duty, operation) => {
      const decision = decide(
        dutyWith([...duty.allow, everything, ruleOf({ id: 'absent' })]),
        operationOf([...operation.pairs, pairOf('unknown public.t')]),
      );
      return decision.outcome === 'deny';
    }),
  );
});

test('decide() never allows more when a deny is added or an allow is taken away', () => {
  fc.assert(
    fc.property(DUTY, rules(EFFECT), fc.nat(4), OPERATION, (duty, more, index, operation) => {
      if (decide(duty, operation).outcome === 'allow') return;
      assert.equal(decide(dutyWith(duty.allow, [...duty.deny, ...more]), operation).outcome, 'deny');
      assert.equal(decide(dutyWith(duty.allow.toSpliced(index, 1), duty.deny), operation).outcome, 'deny');
    }),
  );
});

test('decide() allows an operation exactly when it allows each of its pairs alone', () => {
  fc.assert(
    fc.property(DUTY, OPERATION, (duty, operation) => {
      const alone = operation.pairs.every((pair) => decide(duty, operationOf([pair])).outcome === 'allow');
      assert.equal(decide(duty, operation).outcome === 'allow', alone);
    }),
  );
});
