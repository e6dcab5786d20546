import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide } from '#core/policy/decide.ts';
import { decideAll, dutyNames, type EffectiveDuty, effectiveDuty, narrowedBy, rightText } from '#core/policy/effective-duty.ts';
import { columnMasks, detectorsFor, hasColumnMasks, strictest } from '#core/policy/masks.ts';
import type { Duty, MaskMethod } from '#core/policy/policy.ts';
import { operationOf, pairOf, policyOf } from './build.ts';
import { duties, OPERATION } from './random-duties.ts';

const POLICY = policyOf(`version: 1
targets:
  db: { protocol: postgres, address: db.internal, database: shop, user: app }
duties:
  writer: { allow: [ { on: db, effects: [read, insert] } ] }
  reader: { allow: [ { on: db, effects: [read] } ], mask: [ { columns: public.t.email, with: redact } ] }
  nothing: { deny: [ { on: db, reason: not today } ] }
bindings: [ { duties: [writer], when: { issuer: local } } ]
`);

function named(...names: readonly string[]): EffectiveDuty {
  const [first, ...more] = names.map((name) => POLICY.duties.get(name)).filter((duty) => duty !== undefined);
  if (first === undefined) throw new Error('the policy lost its duties');
  return effectiveDuty(first, ...more);
}

test('effectiveDuty() keeps each duty once, in the order in which they came', () => {
  assert.deepEqual(dutyNames(named('writer', 'reader', 'writer')), ['writer', 'reader']);
  assert.equal(rightText(dutyNames(named('writer', 'reader'))), 'writer & reader');
});

test('narrowedBy() is the same right when nothing is added', () => {
  const right = named('writer', 'reader');
  const [writer, reader] = right.duties;
  assert.equal(narrowedBy(right, writer, ...(reader === undefined ? [] : [reader])), right);
  assert.equal(narrowedBy(right), right);
});

test('decideAll() is decide() where one duty holds', () => {
  const right = named('writer');
  const operation = operationOf([pairOf('read public.t'), pairOf('delete public.t')]);
  assert.deepEqual(decideAll(right, operation), decide(right.duties[0], operation));
});

test('decideAll() says which duty of the chain refuses, and by which rule', () => {
  const right = named('writer', 'reader', 'nothing');
  const decision = decideAll(right, operationOf([pairOf('insert public.t')]));
  assert.deepEqual(decision, {
    outcome: 'deny',
    rules: ['nothing.deny[0]'],
    reasons: [
      { pair: pairOf('insert public.t'), why: 'nothing-allows', rule: null, words: null, duty: 'reader' },
      { pair: pairOf('insert public.t'), why: 'denied-by-rule', rule: 'nothing.deny[0]', words: 'not today', duty: 'nothing' },
    ],
  });
});

test('decideAll() names the rules of every duty when all allow', () => {
  const decision = decideAll(named('writer', 'reader'), operationOf([pairOf('read public.t')]));
  assert.deepEqual(decision, { outcome: 'allow', rules: ['reader.allow[0]', 'writer.allow[0]'] });
});

/** What each link of a chain may do: the first the first duty, each further one its own besides all before it. */
function rightsAlong(chain: readonly Duty[]): readonly EffectiveDuty[] {
  const [first, ...more] = chain;
  if (first === undefined) throw new Error('a chain has a first link');
  const rights = [effectiveDuty(first)];
  for (const duty of more) rights.push(narrowedBy(rights.at(-1) ?? effectiveDuty(first), duty));
  return rights;
}

const CHAIN = duties(1, 4).chain((policy) =>
  fc.tuple(fc.array(fc.constantFrom(...policy), { minLength: 1, maxLength: 6 }), fc.array(OPERATION, { minLength: 1, maxLength: 8 })),
);
const CHAINS = 10_000;

const RELATIONS = ['public.t', 'public.u', 'audit.t'].map((path) => {
  const [schema = '', name = ''] = path.split('.');
  const columns = ['id', 'email', 'card'].map((column, index) => ({ attnum: index + 1, name: column }));
  return { schema, name, columns };
});

/** Whether `stricter` shows no more than `method`. Absent: nothing is masked. */
function isAsStrict(stricter: MaskMethod | undefined, method: MaskMethod | undefined): boolean {
  if (method === undefined) return true;
  return stricter !== undefined && strictest([stricter, method]) === stricter;
}

test('P3 decideAll() allows a child nothing that one of its ancestors may not do, in 10,000 random chains', () => {
  const seen = { both: 0, parentOnly: 0, neither: 0 };
  fc.assert(
    fc.property(CHAIN, ([chain, operations]) => {
      const rights = rightsAlong(chain);
      for (const operation of operations) {
        let parent = true;
        for (const right of rights) {
          const child = decideAll(right, operation).outcome === 'allow';
          assert.ok(parent || !child, 'a child may do what its parent may not');
          seen[child ? 'both' : parent ? 'parentOnly' : 'neither'] += 1;
          parent = child;
        }
      }
    }),
    { numRuns: CHAINS },
  );
  // The property says nothing over a world in which everything, or nothing, is allowed.
  for (const [what, count] of Object.entries(seen)) assert.ok(count > CHAINS / 10, `${what}: ${count}`);
});

test('P3 masks only add along 10,000 random chains: no value is masked less strictly for a child than for its parent', () => {
  let tightened = 0;
  fc.assert(
    fc.property(CHAIN, fc.constantFrom('db', 'other'), ([chain], target) => {
      const rights = rightsAlong(chain);
      for (const [index, child] of rights.entries()) {
        const parent = rights[index - 1];
        if (parent === undefined) continue;
        assert.ok(hasColumnMasks(child, target) || !hasColumnMasks(parent, target));
        for (const relation of RELATIONS) {
          const [masks, before] = [columnMasks(child, target, relation), columnMasks(parent, target, relation)];
          for (const { attnum } of relation.columns) {
            assert.ok(isAsStrict(masks.get(attnum)?.method, before.get(attnum)?.method));
            if (masks.get(attnum)?.method !== before.get(attnum)?.method) tightened += 1;
          }
        }
        const detectors = new Map(detectorsFor(child, target).map(({ detector, method }) => [detector, method]));
        for (const { detector, method } of detectorsFor(parent, target)) assert.ok(isAsStrict(detectors.get(detector), method));
      }
    }),
    { numRuns: CHAINS },
  );
  assert.ok(tightened > CHAINS / 10, `only ${tightened} masks were tightened`);
});

test('decideAll() and masks depend neither on the order of duties nor on repetition', () => {
  const arranged = duties(1, 4).chain((policy) =>
    fc.tuple(fc.constant(policy), fc.shuffledSubarray([...policy, ...policy], { minLength: 2 * policy.length }), OPERATION),
  );
  fc.assert(
    fc.property(arranged, ([policy, shuffled, operation]) => {
      const [straight, other] = [policy, shuffled].map(([first, ...more]) => first && effectiveDuty(first, ...more));
      if (straight === undefined || other === undefined) throw new Error('a chain has a first link');
      assert.deepEqual(new Set(other.duties), new Set(straight.duties));
      const [a, b] = [decideAll(straight, operation), decideAll(other, operation)];
      assert.equal(a.outcome, b.outcome);
      assert.deepEqual(a.rules, b.rules);
      for (const relation of RELATIONS) assert.deepEqual(columnMasks(other, 'db', relation), columnMasks(straight, 'db', relation));
      assert.deepEqual(detectorsFor(other, 'db'), detectorsFor(straight, 'db'));
    }),
  );
});
