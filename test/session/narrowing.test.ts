import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dutyNames } from '#core/policy/effective-duty.ts';
import type { Duty } from '#core/policy/policy.ts';
import { Narrowing } from '#session/narrowing.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';

const dutyOf = (name: string): Duty => dutyNamed(name);
const [WRITER, READER, AUDITOR] = [dutyOf('writer'), dutyOf('reader'), dutyOf('auditor')];
const namesOf = (narrowing: Narrowing) => dutyNames(narrowing.current());

describe('Narrowing', () => {
  it('begins with the duty of the session', () => {
    assert.deepEqual(namesOf(Narrowing.ofSession(WRITER)), ['writer']);
  });

  it('narrows for good, and says whether that changed anything', () => {
    const cage = Narrowing.ofSession(WRITER);
    assert.equal(cage.narrow(READER), true);
    const narrower = cage.current();
    assert.equal(cage.narrow(READER), false);
    assert.equal(cage.narrow(WRITER), false);
    assert.equal(cage.current(), narrower);
    assert.deepEqual(namesOf(cage), ['writer', 'reader']);
  });

  it('gives a child what its parent has and what was asked for, both', () => {
    const parent = Narrowing.ofSession(READER);
    assert.deepEqual(namesOf(parent.child(WRITER)), ['reader', 'writer']);
    assert.deepEqual(namesOf(parent.child(READER)), ['reader']);
    assert.deepEqual(namesOf(parent), ['reader']);
  });

  it('P3 narrows the children of a cage that is narrowed after they began, and theirs', () => {
    const parent = Narrowing.ofSession(WRITER);
    const child = parent.child(AUDITOR);
    const grandchild = child.child(WRITER);
    assert.deepEqual(namesOf(grandchild), ['writer', 'auditor']);
    parent.narrow(READER);
    assert.deepEqual(namesOf(child), ['writer', 'reader', 'auditor']);
    assert.deepEqual(namesOf(grandchild), ['writer', 'reader', 'auditor']);
    assert.equal(grandchild.current(), grandchild.current());
  });

  it('keeps a duty of its own that its parent gets later, once', () => {
    const parent = Narrowing.ofSession(WRITER);
    const child = parent.child(READER);
    parent.narrow(READER);
    assert.deepEqual(namesOf(child), ['writer', 'reader']);
  });

  it('P3 has every duty of every ancestor at any time, whatever is narrowed in whatever order, and never loses one', () => {
    const steps = fc.array(fc.record({ cage: fc.nat(20), child: fc.boolean(), duty: fc.nat(4) }), { maxLength: 30 });
    const policy = ['a', 'b', 'c', 'd', 'e'].map(dutyOf);
    fc.assert(
      fc.property(steps, (taken) => {
        const cages: { narrowing: Narrowing; parent: Narrowing | null; had: readonly string[] }[] = [];
        cages.push({ narrowing: Narrowing.ofSession(WRITER), parent: null, had: [] });
        for (const { cage, child, duty } of taken) {
          const [at, asked] = [cages[cage % cages.length], policy[duty]];
          if (at === undefined || asked === undefined) continue;
          if (child) cages.push({ narrowing: at.narrowing.child(asked), parent: at.narrowing, had: [] });
          else at.narrowing.narrow(asked);
          for (const each of cages) {
            const now = new Set(namesOf(each.narrowing));
            for (const name of [...each.had, ...(each.parent === null ? [] : namesOf(each.parent))]) assert.ok(now.has(name), name);
            each.had = [...now];
          }
        }
      }),
    );
  });
});
