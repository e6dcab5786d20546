import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { classify } from '#core/sql/classify.ts';
import { loadGrammar } from '#core/sql/grammar.ts';
import { findConstants } from '#core/sql/lexer.ts';
import { ClassificationCache, SHAPE_BYTES_MAX, SHAPES_MAX, shapeOf } from '#core/sql/shape.ts';

const LIMITS = { statementBytesMax: 10_000 };
const SAFE = { clientEncoding: 'UTF8', standardConformingStrings: 'on' } as const;

const SHAPES: readonly (readonly [sql: string, key: string | null])[] = [
  ['SELECT abalance FROM pgbench_accounts WHERE aid = 12345;', 'SELECT abalance FROM pgbench_accounts WHERE aid = 0;'],
  ['UPDATE t SET a = a + -42 WHERE b = 7;', 'UPDATE t SET a = a + -0 WHERE b = 0;'],
  ["INSERT INTO t VALUES (1, 'x y', '')", "INSERT INTO t VALUES (0, '', '')"],
  ['select a1, t2.b3 from t2', 'select a1, t2.b3 from t2'],
  ["select 'it''s'", null],
  ["select 'a\\'", null],
  ["select E'a'", null],
  ["select x'ff'", null],
  ["select 'a'b", null],
  ["select 'a'1", null],
  ["select 1'a'", null],
  ["select 'é'", null],
  ["select 'a", null],
  ['select 1.5', null],
  ['select .5', null],
  ['select t.5', null],
  ['select 1e5', null],
  ['select 1x', null],
  ['select 1234567890', null],
  ['select $1', null],
  ['select "a"', null],
  ['select 1 -- x', null],
  ['select 1 - - 2', 'select 0 - - 0'],
  ['select 1 /* x */', null],
  ['select 1\nfrom t', null],
  ['select a::int', null],
  ['select é', null],
];

for (const [sql, key] of SHAPES) {
  test(`shapeOf() ${key === null ? 'sees nothing plain in' : 'takes the constants out of'} ${JSON.stringify(sql)}`, () => {
    const shape = shapeOf(Buffer.from(sql));
    assert.equal(shape?.key ?? null, key);
    if (shape !== null) assert.deepEqual(shape.literals, findConstants(Buffer.from(sql)).literals);
  });
}

test('ClassificationCache parses a pgbench transaction once', async () => {
  const cache = new ClassificationCache(await loadGrammar(18));
  for (let aid = 1; aid <= 100; aid += 1)
    cache.classify(Buffer.from(`SELECT abalance FROM pgbench_accounts WHERE aid = ${aid};`), LIMITS, SAFE);
  assert.equal(cache.hits, 99);
  assert.equal(cache.size, 1);
});

test('ClassificationCache remembers nothing that a constant decided, and nothing but row work', async () => {
  const cache = new ClassificationCache(await loadGrammar(18));
  for (const sql of [
    "select nextval('a')",
    "select set_config('jit', 'on', true)",
    "set jit = 'on'",
    'explain (analyze 0) select 1',
    "copy t from stdin delimiter ','",
    "load 'x'",
    "notify a, 'b'",
    'selec 1',
  ]) {
    cache.classify(Buffer.from(sql), LIMITS, SAFE);
  }
  assert.equal(cache.size, 0);
  const [first, second] = ["select nextval('a')", "select nextval('b')"].map((sql) => cache.classify(Buffer.from(sql), LIMITS, SAFE));
  assert.notDeepEqual(first, second);
});

test('W-sql-4 ClassificationCache refuses what is too long, remembered or not', async () => {
  const cache = new ClassificationCache(await loadGrammar(18));
  const sql = Buffer.from('select a from t where b = 1');
  cache.classify(sql, LIMITS, SAFE);
  assert.equal('kind' in cache.classify(sql, { statementBytesMax: 10 }, SAFE), true);
});

test('ClassificationCache is bounded', async () => {
  const cache = new ClassificationCache(await loadGrammar(18));
  for (let index = 0; index < SHAPES_MAX + 10; index += 1) cache.classify(Buffer.from(`select a${index}`), LIMITS, SAFE);
  assert.equal(cache.size, SHAPES_MAX);
  cache.classify(Buffer.from(`select ${'a, '.repeat(SHAPE_BYTES_MAX)} b`), LIMITS, SAFE);
  assert.equal(cache.size, SHAPES_MAX);
});

test('ClassificationCache.forGrammar() gives one cache for one grammar', async () => {
  const grammar = await loadGrammar(17);
  assert.equal(ClassificationCache.forGrammar(grammar), ClassificationCache.forGrammar(grammar));
  assert.notEqual(ClassificationCache.forGrammar(grammar), ClassificationCache.forGrammar(await loadGrammar(16)));
});

const WORDS = [
  'select',
  'from',
  'where',
  'order',
  'by',
  'group',
  'limit',
  'insert',
  'into',
  'values',
  'update',
  'set',
  'delete',
  'and',
  'in',
  'nextval',
  'as',
  'distinct',
  'date',
  'float',
];
const WORD = fc.oneof(
  fc.constantFrom(...WORDS, 'a', 'b', 't', 't1', '*', ',', '(', ')', '=', '<', '+', '-', '.', ';', '|'),
  fc.integer({ min: 0, max: 999_999_999 }).map(String),
  fc.constantFrom("'a'", "'b c'", "''", "'t'", "'2020'"),
);
/** Statements that are likely to parse, with holes for constants. */
const TEMPLATE = fc.constantFrom(
  ['select a from t where b =', ''],
  ['select a, b from t where c in (', ', 1) order by a limit 5'],
  ['update t set a = a +', 'where b < 3'],
  ['insert into t values (', ", 'x')"],
  ['delete from t where a =', ''],
  ['select nextval(', ')'],
  ['select lower(', ') from t order by', '1'],
);
const CONSTANT = fc.oneof(fc.integer({ min: 0, max: 999_999_999 }).map(String), fc.constantFrom("'a'", "'b.c'", "''", "'x y z'", "'1'"));

test('ClassificationCache gives the facts that a fresh look gives', async () => {
  const grammar = await loadGrammar(18);
  const cache = new ClassificationCache(grammar);
  const text = fc.oneof(
    fc.array(WORD, { maxLength: 10 }).map((words) => words.join(' ')),
    fc
      .tuple(TEMPLATE, CONSTANT, CONSTANT)
      .map(([[before = '', after = '', last = ''], one, two]) => `${before} ${one} ${after}${last === '' ? '' : ` ${two}`}`),
  );
  fc.assert(
    fc.property(text, (sql) => {
      const bytes = Buffer.from(sql);
      const fresh = classify(grammar, bytes, LIMITS, SAFE);
      // The length of a float decides whether the grammar takes it at all: where it does not, the server will not either.
      if ('kind' in fresh) return;
      assert.deepEqual(cache.classify(bytes, LIMITS, SAFE), fresh, sql);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(cache.hits > 500);
});
