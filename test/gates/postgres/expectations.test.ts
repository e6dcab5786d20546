import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Expectation, Expectations, startRun } from '#gates/postgres/expectations.ts';

const sync = (): Expectation => ({ kind: 'sync' });
const execute = (): Expectation => ({ kind: 'execute', run: startRun(false) });
const describe = (): Expectation => ({ kind: 'describe', rowsOf: null });

function filled(...items: readonly Expectation[]): Expectations {
  const expectations = new Expectations();
  for (const item of items) assert.equal(expectations.push(item), true);
  return expectations;
}

function rest(expectations: Expectations): readonly Expectation[] {
  const items: Expectation[] = [];
  for (let item = expectations.pop(); item !== undefined; item = expectations.pop()) items.push(item);
  return items;
}

test('startRun() has nothing behind it yet', () => {
  assert.deepEqual(startRun(true), { decisionId: '', plan: null, rows: 0, bytes: 0, masked: 0, code: null, changesNames: true });
});

test('Expectations gives back what was pushed, in order', () => {
  const items = [describe(), execute(), sync()];
  const expectations = filled(...items);
  assert.equal(expectations.size, 3);
  assert.equal(expectations.head(), items[0]);
  assert.deepEqual(rest(expectations), items);
  assert.equal(expectations.size, 0);
  assert.equal(expectations.head(), undefined);
  assert.equal(expectations.pop(), undefined);
});

test('Expectations.skipToSync() drops up to the next Sync, latest first, and keeps what is behind it', () => {
  const [first, second, third, behind] = [describe(), execute(), sync(), execute()];
  const expectations = filled(first, second, third, behind);
  assert.deepEqual(expectations.skipToSync(), [second, first]);
  assert.equal(expectations.push(execute()), true);
  assert.equal(expectations.head(), third);
  assert.equal(expectations.size, 3);
});

test('Expectations.skipToSync() has later messages passed over until a Sync has been sent', () => {
  const expectations = filled(describe(), execute());
  assert.equal(expectations.skipToSync().length, 2);
  assert.equal(expectations.size, 0);
  assert.equal(expectations.push(execute()), false);
  assert.equal(expectations.push(describe()), false);
  assert.equal(expectations.push(sync()), true);
  assert.equal(expectations.push(execute()), true);
  assert.equal(expectations.size, 2);
});

test('Expectations.skipToSync() drops nothing where a Sync is next', () => {
  const expectations = filled(sync());
  assert.deepEqual(expectations.skipToSync(), []);
  assert.equal(expectations.size, 1);
});

test('Expectations.dropSyncsAfterHead() drops the Syncs that COPY data swallows, and no later one', () => {
  const [head, other] = [execute(), describe()];
  const last = sync();
  const expectations = filled(head, sync(), sync(), other, last);
  expectations.dropSyncsAfterHead();
  assert.deepEqual(rest(expectations), [head, other, last]);
});

test('Expectations.dropSyncsAfterHead() leaves the head alone, whatever it is', () => {
  const head = sync();
  const only = filled(head, sync());
  only.dropSyncsAfterHead();
  assert.deepEqual(rest(only), [head]);
  const none = new Expectations();
  none.dropSyncsAfterHead();
  assert.equal(none.size, 0);
});

/** The same on a plain list. */
class Model {
  items: Expectation[] = [];
  skipping = false;

  push(item: Expectation): boolean {
    if (item.kind === 'sync') this.skipping = false;
    if (!this.skipping) this.items.push(item);
    return !this.skipping;
  }

  skip(): readonly Expectation[] {
    const sync = this.items.findIndex((item) => item.kind === 'sync');
    this.skipping = sync === -1;
    return this.items.splice(0, sync === -1 ? this.items.length : sync).reverse();
  }

  dropSyncs(): void {
    while (this.items[1]?.kind === 'sync') this.items.splice(1, 1);
  }
}

test('Expectations behaves like a plain list', () => {
  const move = fc.constantFrom('push', 'push', 'push', 'push sync', 'pop', 'skip', 'drop syncs', 'push many', 'pop many' as const);
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      const [model, expectations] = [new Model(), new Expectations()];
      for (const each of moves) {
        const item = each === 'push sync' ? sync() : execute();
        if (each === 'push' || each === 'push sync') assert.equal(expectations.push(item), model.push(item));
        else if (each === 'pop') assert.equal(expectations.pop(), model.items.shift());
        else if (each === 'skip') assert.deepEqual(expectations.skipToSync(), model.skip());
        else if (each === 'drop syncs') {
          expectations.dropSyncsAfterHead();
          model.dropSyncs();
        } else if (each === 'push many')
          for (let count = 0; count < 1_500; count += 1) assert.equal(expectations.push(item), model.push(item));
        else for (let count = 0; count < 1_100; count += 1) assert.equal(expectations.pop(), model.items.shift());
        assert.equal(expectations.size, model.items.length);
        assert.equal(expectations.head(), model.items[0]);
      }
      assert.deepEqual(rest(expectations), model.items);
    }),
    { numRuns: 60, verbose: 1 },
  );
});
