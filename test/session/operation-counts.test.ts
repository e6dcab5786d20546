import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { effectiveDuty } from '#core/policy/effective-duty.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';

test('OperationCounts gives as many as the duty has, and no more', () => {
  const counts = new OperationCounts();
  const few = dutyNamed('few', { operationsMax: 2 });
  const right = effectiveDuty(few);
  assert.deepEqual([counts.take(right, 1), counts.take(right, 1), counts.take(right, 1), counts.take(right, 1)], [null, null, few, few]);
  assert.equal(new OperationCounts().take(right, 1), null);
});

test('OperationCounts takes nothing of one duty when another has no more', () => {
  const counts = new OperationCounts();
  const [one, three] = [dutyNamed('one', { operationsMax: 1 }), dutyNamed('three', { operationsMax: 3 })];
  const [both, alone] = [effectiveDuty(three, one), effectiveDuty(three)];
  assert.deepEqual([counts.take(both, 1), counts.take(both, 1), counts.take(both, 1)], [null, one, one]);
  assert.deepEqual([counts.take(alone, 1), counts.take(alone, 1), counts.take(alone, 1)], [null, null, three]);
});

test('P3 OperationCounts never gives more than any duty’s limit, whatever rights ask in whatever order', () => {
  const duties = fc.array(fc.option(fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 4 });
  const asks = fc.array(fc.tuple(fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 3 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(duties, asks, (limits, asked) => {
      const counts = new OperationCounts();
      const all = limits.map((operationsMax, index) => dutyNamed(`duty-${index}`, { operationsMax }));
      const given = new Map(all.map((duty) => [duty, 0]));
      for (const [which, operations] of asked) {
        const [first, ...more] = all.filter((_, index) => which.includes(index));
        if (first === undefined) continue;
        const spent = counts.take(effectiveDuty(first, ...more), operations);
        if (spent !== null) assert.ok((given.get(spent) ?? 0) + operations > (spent.operationsMax ?? Number.POSITIVE_INFINITY));
        else for (const duty of [first, ...more]) given.set(duty, (given.get(duty) ?? 0) + operations);
      }
      for (const [duty, count] of given) assert.ok(count <= (duty.operationsMax ?? Number.POSITIVE_INFINITY), duty.name);
    }),
  );
});
