import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type NameChange, NameTable } from '#gates/postgres/name-table.ts';

function change<Value>(table: NameTable<Value>, name: string, value: Value | null, unit: number): NameChange {
  const made = table.change(name, value, unit);
  assert.ok(made !== null);
  return made;
}

test('NameTable takes a change on its way as done within its unit, and as uncertain behind it', () => {
  const table = new NameTable<string>();
  const made = change(table, 's', 'one', 1);
  assert.equal(table.get('s', 1), 'one');
  assert.equal(table.get('s', 2), 'uncertain');
  made.confirm();
  assert.equal(table.get('s', 2), 'one');
});

test('NameTable knows nothing of names that were never given', () => {
  assert.equal(new NameTable<string>().get('s', 1), undefined);
});

test('NameTable.undo() gives the name back what it stood for before', () => {
  const table = new NameTable<string>();
  change(table, 's', 'old', 1).confirm();
  const made = change(table, 's', 'new', 2);
  assert.equal(table.get('s', 2), 'new');
  made.undo();
  assert.equal(table.get('s', 2), 'old');
  assert.equal(table.get('s', 3), 'old');
});

test('NameTable.clear() leaves a name with nothing, since the server gave the old value up first', () => {
  const table = new NameTable<string>();
  change(table, '', 'old', 1).confirm();
  change(table, '', 'new', 2).clear();
  assert.equal(table.get('', 2), undefined);
  assert.equal(table.get('', 3), undefined);
});

test('NameTable: a name given up is nothing at once in its unit, uncertain behind it, and nothing when confirmed', () => {
  const table = new NameTable<string>();
  change(table, 's', 'old', 1).confirm();
  const closed = change(table, 's', null, 2);
  assert.equal(table.get('s', 2), undefined);
  assert.equal(table.get('s', 3), 'uncertain');
  closed.confirm();
  assert.equal(table.get('s', 3), undefined);
});

test('NameTable: a refused Close leaves the name as it was', () => {
  const table = new NameTable<string>();
  change(table, 's', 'old', 1).confirm();
  change(table, 's', null, 2).undo();
  assert.equal(table.get('s', 3), 'old');
});

test('NameTable takes back a pipeline in the order in which it was entered last', () => {
  const table = new NameTable<string>();
  change(table, 's', 'zero', 0).confirm();
  const changes = [change(table, 's', 'one', 1), change(table, 's', null, 1), change(table, 's', 'two', 1)];
  assert.equal(table.get('s', 1), 'two');
  changes[0]?.confirm();
  for (const skipped of changes.slice(1).reverse()) skipped.undo();
  assert.equal(table.get('s', 2), 'one');
});

test('NameTable: a later change stays on its way when an earlier one is confirmed', () => {
  const table = new NameTable<string>();
  const first = change(table, 's', 'one', 1);
  const second = change(table, 's', 'two', 2);
  first.confirm();
  assert.equal(table.get('s', 2), 'two');
  assert.equal(table.get('s', 3), 'uncertain');
  second.undo();
  assert.equal(table.get('s', 3), 'one');
});

test('NameTable: settling a change twice, or one that is gone, changes nothing', () => {
  const table = new NameTable<string>();
  const first = change(table, 's', 'one', 1);
  first.undo();
  first.confirm();
  first.clear();
  assert.equal(table.get('s', 1), undefined);
  const second = change(table, 's', 'two', 1);
  second.confirm();
  second.confirm();
  first.undo();
  assert.equal(table.get('s', 2), 'two');
});

test('NameTable keeps names apart', () => {
  const table = new NameTable<string>();
  change(table, 'a', 'one', 1);
  const b = change(table, 'b', 'two', 1);
  b.undo();
  assert.equal(table.get('a', 1), 'one');
  assert.equal(table.get('b', 1), undefined);
  assert.equal(table.get('__proto__', 1), undefined);
});

test('NameTable holds 5,000 names, lets those change on, and has room again when one is gone', () => {
  const table = new NameTable<number>();
  for (let count = 0; count < 5_000; count += 1) change(table, `n${count}`, count, 1).confirm();
  assert.equal(table.change('one more', 1, 1), null);
  assert.equal(table.get('one more', 1), undefined);
  change(table, 'n7', 8, 2).confirm();
  assert.equal(table.get('n7', 3), 8);
  change(table, 'n7', null, 3).confirm();
  change(table, 'one more', 1, 4);
});

test('NameTable holds 1,000 changes of one name on their way, and has room again when they are settled', () => {
  const table = new NameTable<number>();
  const changes = Array.from({ length: 1_000 }, (_, index) => change(table, 's', index, 1));
  assert.equal(table.change('s', 1_000, 1), null);
  assert.equal(table.get('s', 1), 999);
  change(table, 'another', 1, 1);
  changes.at(-1)?.confirm();
  change(table, 's', 1_001, 2);
  assert.equal(table.get('s', 2), 1_001);
});

/**
 * The server as it is: it takes messages in order, skips to the end of a unit after a failure, and only then is anybody told.
 * The table, asked when all has been answered, must agree with it; asked before, within a unit nothing of which failed, too.
 */
test('NameTable agrees with a server that confirms, refuses and skips', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b'),
    value: fc.option(fc.nat({ max: 9 }), { nil: null }),
    fate: fc.constantFrom('done', 'done', 'done', 'fails', 'fails and drops' as const),
    endsUnit: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const table = new NameTable<number>();
      const server = new Map<string, number | null>();
      const sent: { change: NameChange; step: (typeof steps)[number]; unit: number }[] = [];
      let unit = 0;
      for (const each of steps) {
        sent.push({ change: change(table, each.name, each.value, unit), step: each, unit });
        assert.equal(table.get(each.name, unit), each.value ?? undefined);
        assert.equal(table.get(each.name, unit + 1), 'uncertain');
        if (each.endsUnit) unit += 1;
      }
      while (sent.length > 0) {
        const head = sent.shift();
        if (head === undefined) break;
        const { name, value, fate } = head.step;
        if (fate === 'done') {
          server.set(name, value);
          head.change.confirm();
          continue;
        }
        if (fate === 'fails') head.change.undo();
        else {
          server.set(name, null);
          head.change.clear();
        }
        const skipped = sent.filter((other) => other.unit === head.unit);
        sent.splice(0, skipped.length);
        for (const other of skipped.reverse()) other.change.undo();
      }
      for (const name of ['a', 'b']) assert.equal(table.get(name, unit + 1), server.get(name) ?? undefined);
    }),
    { numRuns: 500, verbose: 1 },
  );
});
