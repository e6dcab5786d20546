import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FactsBuilder } from '#core/sql/facts-builder.ts';

const TABLE = { schema: null, name: 't' };
const REST = { columns: { elsewhere: new Set<string>(), everyColumnElsewhere: false }, literals: [] };

test('FactsBuilder says everything once', () => {
  const facts = new FactsBuilder();
  for (let time = 0; time < 2; time += 1) {
    facts.relation('read', TABLE);
    facts.object('read', { kind: 'none' });
    facts.functionNames.add('lower');
  }
  facts.relation('read', { schema: 's', name: 't' });
  const built = facts.build(REST);
  assert.equal(built.relations.length, 2);
  assert.equal(built.objects.length, 1);
  assert.deepEqual(built.functionNames, ['lower']);
});

test('FactsBuilder never lowers a barrier', () => {
  const facts = new FactsBuilder();
  for (const [raised, expected] of [
    ['none', 'none'],
    ['names', 'names'],
    ['none', 'names'],
    ['state', 'state'],
    ['names', 'state'],
  ] as const) {
    facts.raiseBarrier(raised);
    assert.equal(facts.barrier, expected);
  }
});

test('FactsBuilder.add() takes in all, addBeyondRelations() all but the relations', () => {
  const other = new FactsBuilder();
  other.relation('delete', TABLE);
  other.object('admin', { kind: 'setting', name: 'role' });
  other.unknown.add('because');
  other.executes.add('p');
  other.fetches.add('c');
  other.transaction.push('begin');
  other.copy = 'in';
  other.literalSensitive = true;
  other.raiseBarrier('state');
  const all = new FactsBuilder();
  all.add(other);
  assert.deepEqual(all.build(REST), other.build(REST));
  const some = new FactsBuilder();
  some.addBeyondRelations(other);
  assert.deepEqual(some.build(REST), { ...other.build(REST), relations: [] });
});

test('FactsBuilder.namesSomething is about what an earlier statement could change', () => {
  const facts = new FactsBuilder();
  facts.object('session', { kind: 'setting', name: 'jit' });
  assert.equal(facts.namesSomething, false);
  facts.object('execute', { kind: 'function', path: ['?', 'f'] });
  assert.equal(facts.namesSomething, true);
});
