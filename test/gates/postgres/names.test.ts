import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NameRef, StatementFacts } from '#core/sql/facts.ts';
import type { ResolvedRelation } from '#core/sql/resolve.ts';
import { LOOK_UP_SQL, type LookUpAnswer, lookUpParameters, NameCache, parseLookUpAnswer } from '#gates/postgres/names.ts';
import { factsOf } from './facts.ts';

const relation = (name: string, oid = 16_500): ResolvedRelation => ({
  oid,
  schema: 'public',
  name,
  kind: 'r',
  temporary: false,
  rules: false,
  userTriggers: false,
  columns: [{ attnum: 1, name: 'id' }],
});
const ref = (name: string, schema: string | null = null): NameRef => ({ schema, name });
const reading = (...refs: readonly NameRef[]): StatementFacts =>
  factsOf({ relations: refs.map((each) => ({ effect: 'read', relation: each })) });
const answer = (some: Partial<LookUpAnswer>): LookUpAnswer => ({ schema: 'public', relations: [], functions: [], operators: [], ...some });

/** A cache that has asked about these facts and got this answer. */
function taught(facts: StatementFacts, learned: LookUpAnswer): NameCache {
  const cache = new NameCache();
  const asked = cache.missing(facts);
  assert.ok(asked !== null);
  cache.learn(asked, learned);
  return cache;
}

test('NameCache.missing() asks for every name once, quoted as to_regclass reads it', () => {
  const refs = [ref('orders'), ref('orders'), ref('Orders', 'My Shop'), ref('a"b', 's.t'), ref('orders', 'pg_temp')];
  const facts = { ...reading(...refs), functionNames: ['lower', 'lower'], operatorNames: ['='] };
  assert.deepEqual(new NameCache().missing(facts), {
    relations: ['"orders"', '"My Shop"."Orders"', '"s.t"."a""b"', '"pg_temp"."orders"'],
    functions: ['lower'],
    operators: ['='],
  });
});

test('NameCache.missing() asks nothing where nothing is named', () => {
  assert.equal(new NameCache().missing(factsOf({})), null);
});

test('NameCache keeps different names apart, however they are spelled', () => {
  const name = fc.string({ maxLength: 6 });
  const quotes = fc.constantFrom('a', '"', '.', '"."', 'a"."b', '');
  const part = fc.oneof(name, quotes);
  fc.assert(
    fc.property(fc.option(part), part, fc.option(part), part, (schema, one, otherSchema, other) => {
      fc.pre(schema !== otherSchema || one !== other);
      const asked = new NameCache().missing(reading(ref(one, schema), ref(other, otherSchema)));
      assert.equal(asked?.relations.length, 2);
    }),
    { numRuns: 500, verbose: 1 },
  );
});

test('NameCache remembers what a name stands for, and asks again only for what it does not know', () => {
  const cache = taught(reading(ref('orders')), answer({ relations: [relation('orders')] }));
  assert.equal(cache.missing(reading(ref('orders'))), null);
  assert.deepEqual(cache.missing(reading(ref('orders'), ref('other')))?.relations, ['"other"']);
  assert.deepEqual(cache.missing(reading(ref('orders', 'public')))?.relations, ['"public"."orders"']);
  assert.deepEqual(cache.known().relation(ref('orders')), relation('orders'));
  assert.equal(cache.known().currentSchema, 'public');
});

test('NameCache never remembers that a name stands for nothing: somebody may create it at any time (R31)', () => {
  const cache = taught(reading(ref('orders')), answer({ relations: [null] }));
  assert.equal(cache.known().relation(ref('orders')), 'missing');
  assert.deepEqual(cache.missing(reading(ref('orders')))?.relations, ['"orders"']);
});

test('NameCache takes names for missing that the server gave no answer to', () => {
  const cache = taught(reading(ref('a'), ref('b')), answer({ relations: [relation('a')] }));
  assert.equal(cache.known().relation(ref('b')), 'missing');
});

test('NameCache remembers which built-in names something of a user’s could stand in for', () => {
  const facts = factsOf({ functionNames: ['lower', 'upper'], operatorNames: ['=', '<'] });
  const cache = taught(facts, answer({ functions: ['lower'], operators: ['='] }));
  assert.deepEqual([...cache.known().shadowedFunctions], ['lower']);
  assert.deepEqual([...cache.known().shadowedOperators], ['=']);
  assert.equal(cache.missing(facts), null);
});

test('NameCache.forget() forgets all, and begins another epoch', () => {
  const facts = { ...reading(ref('orders')), functionNames: ['lower'] };
  const cache = taught(facts, answer({ relations: [relation('orders')], functions: ['lower'] }));
  const before = cache.epoch;
  cache.forget();
  assert.ok(cache.epoch > before);
  assert.deepEqual(cache.missing(facts), { relations: ['"orders"'], functions: ['lower'], operators: [] });
  assert.equal(cache.known().relation(ref('orders')), 'missing');
  assert.equal(cache.known().shadowedFunctions.size, 0);
  assert.equal(cache.known().currentSchema, null);
});

test('NameCache holds some 10,000 names, then begins anew, and a statement that waits still finds all of its names', () => {
  const many = Array.from({ length: 10_001 }, (_, index) => `t${index}`);
  const cache = taught(
    reading(...many.map((name) => ref(name))),
    answer({ relations: many.map((name, index) => relation(name, 20_000 + index)) }),
  );
  const before = cache.epoch;
  const facts = reading(ref('t1'), ref('more'));
  const asked = cache.missing(facts);
  assert.deepEqual(asked?.relations, ['"t1"', '"more"']);
  assert.ok(cache.epoch > before);
  const names = cache.learn(asked, answer({ relations: [relation('t1'), relation('more')] }));
  for (const name of ['t1', 'more']) assert.notEqual(names.relation(ref(name)), 'missing');
});

test('lookUpParameters() gives three JSON arrays', () => {
  assert.deepEqual(lookUpParameters({ relations: ['"a""b"'], functions: [], operators: ['\\'] }), ['["\\"a\\"\\"b\\""]', '[]', '["\\\\"]']);
});

test('LOOK_UP_SQL names every function, operator and type with its schema: the search_path must not answer us (R31)', () => {
  const bare = LOOK_UP_SQL.replace(/pg_catalog\.[a-z_"0-9]+/g, '').replace(/'[^']*'/g, '');
  const words = [...bare.matchAll(/([A-Za-z_]+)\s*\(/g)].map(([, word]) => word?.toUpperCase());
  const syntax = new Set([
    'SELECT',
    'EXISTS',
    'OPERATOR',
    'ARRAY',
    'ANY',
    'AS',
    'W',
    'FROM',
    'JOIN',
    'ON',
    'AND',
    'NOT',
    'IS',
    'DISTINCT',
    'ELSE',
    'THEN',
    'WHEN',
    'CASE',
  ]);
  assert.deepEqual(
    words.filter((word) => word !== undefined && !syntax.has(word)),
    [],
  );
  const withoutOperators = bare.replace(/OPERATOR\(\S*\)/g, '').replaceAll('::', '');
  assert.doesNotMatch(withoutOperators, /[<>=!~*/%+|&^@#-]/);
});

const RELATION = { oid: 16_500, schema: 's', name: 'n', kind: 'r', temporary: false, rules: false, userTriggers: true, columns: [] };
const json = (some: object) => JSON.stringify({ schema: 's', relations: [RELATION], functions: ['f'], operators: ['='], ...some });

test('parseLookUpAnswer() reads what LOOK_UP_SQL answers, nulls for empty lists', () => {
  assert.deepEqual(parseLookUpAnswer(json({})), { schema: 's', relations: [RELATION], functions: ['f'], operators: ['='] });
  assert.deepEqual(parseLookUpAnswer('{"schema":null,"relations":null,"functions":null,"operators":null}'), {
    schema: null,
    relations: [],
    functions: [],
    operators: [],
  });
  assert.deepEqual(parseLookUpAnswer(json({ relations: [null, { ...RELATION, columns: null }] }))?.relations, [null, RELATION]);
});

const BROKEN: readonly string[] = [
  '',
  'null',
  '[]',
  '"x"',
  '{',
  json({ relations: {} }),
  json({ relations: 'x' }),
  json({ relations: [1] }),
  json({ relations: [null, {}] }),
  json({ relations: [{ ...RELATION, oid: '16500' }] }),
  json({ relations: [{ ...RELATION, schema: null }] }),
  json({ relations: [{ ...RELATION, name: 5 }] }),
  json({ relations: [{ ...RELATION, kind: undefined }] }),
  json({ relations: [{ ...RELATION, temporary: 'f' }] }),
  json({ relations: [{ ...RELATION, rules: 0 }] }),
  json({ relations: [{ ...RELATION, userTriggers: null }] }),
  json({ relations: [{ ...RELATION, columns: 'x' }] }),
  json({ relations: [{ ...RELATION, columns: [{ attnum: '1', name: 'a' }] }] }),
  json({ relations: [{ ...RELATION, columns: [null] }] }),
  json({ functions: 'f' }),
  json({ functions: [1] }),
  json({ operators: [null] }),
  json({ schema: 7 }),
];

for (const text of BROKEN) {
  test(`parseLookUpAnswer() gives null for ${text.slice(0, 120)}`, () => assert.equal(parseLookUpAnswer(text), null));
}

test('parseLookUpAnswer() never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      parseLookUpAnswer(text);
    }),
    { numRuns: 500, verbose: 1 },
  );
});
