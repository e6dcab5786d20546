import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Statements } from '#gates/postgres/statements.ts';
import { factsOf } from './facts.ts';

test('Statements knows nothing of a name that was never seen', () => {
  assert.deepEqual(new Statements().meaningsOf('s'), []);
});

test('Statements has a name mean everything it ever stood for, all together', () => {
  const statements = new Statements();
  const [one, two] = [factsOf({ tags: ['SELECT'] }), factsOf({ tags: ['DROP TABLE'] })];
  assert.equal(statements.rememberNamed('s', one), true);
  assert.equal(statements.rememberNamed('s', two), true);
  assert.equal(statements.rememberNamed('t', two), true);
  assert.deepEqual(statements.meaningsOf('s'), [one, two]);
  assert.deepEqual(statements.meaningsOf('t'), [two]);
});

test('Statements keeps meanings apart by everything that could be judged', () => {
  const statements = new Statements();
  const meanings = [
    factsOf({}),
    factsOf({ relations: [{ effect: 'read', relation: { schema: null, name: 'a' } }] }),
    factsOf({ relations: [{ effect: 'delete', relation: { schema: null, name: 'a' } }] }),
    factsOf({ columns: { elsewhere: new Set(['card']), everyColumnElsewhere: false } }),
    factsOf({ columns: { elsewhere: new Set(['name']), everyColumnElsewhere: false } }),
    factsOf({ unknown: ['why'] }),
    factsOf({ functionNames: ['lower'] }),
  ];
  for (const meaning of meanings) assert.equal(statements.rememberNamed('s', meaning), true);
  assert.deepEqual(statements.meaningsOf('s'), meanings);
});

test('Statements takes texts that differ only in their constants for one meaning', () => {
  const statements = new Statements();
  for (let count = 1; count < 1_000; count += 1) assert.equal(statements.rememberNamed('s', factsOf({ literals: [[0, count]] })), true);
  assert.equal(statements.meaningsOf('s').length, 1);
});

test('Statements keeps 64 meanings of a name and refuses the next, but not one that is known', () => {
  const statements = new Statements();
  const meaning = (count: number) => factsOf({ tags: [`T${count}`] });
  for (let count = 0; count < 64; count += 1) assert.equal(statements.rememberNamed('s', meaning(count)), true);
  assert.equal(statements.rememberNamed('s', meaning(64)), false);
  assert.equal(statements.rememberNamed('s', meaning(7)), true);
  assert.equal(statements.meaningsOf('s').length, 64);
});

test('Statements keeps 5,000 names and refuses the next, but not one that is known', () => {
  const statements = new Statements();
  const facts = factsOf({});
  for (let count = 0; count < 5_000; count += 1) assert.equal(statements.rememberNamed(`s${count}`, facts), true);
  assert.equal(statements.rememberNamed('one more', facts), false);
  assert.equal(statements.rememberNamed('s0', facts), true);
  assert.deepEqual(statements.meaningsOf('one more'), []);
});

test('Statements keeps protocol statements and portals apart', () => {
  const statements = new Statements();
  const prepared = {
    text: Buffer.from('SELECT 1'),
    facts: factsOf({}),
    judged: { epoch: 0, generation: 0, pairs: [], statements: 1, objection: null, resolved: [], showsMasked: false, hidesLiterals: false },
  };
  statements.prepared.change('x', prepared, 1);
  assert.equal(statements.prepared.get('x', 1), prepared);
  assert.equal(statements.portals.get('x', 1), undefined);
});
