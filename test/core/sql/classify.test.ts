import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { classify } from '#core/sql/classify.ts';
import { loadGrammar, SERVER_MAJORS } from '#core/sql/grammar.ts';
import { type Case, classified, factsOf, said } from './said.ts';

const CASES: readonly Case[] = [
  ['R32 ROLLBACK before', 'rollback; select * from t', 'read t, unknown'],
  ['R32 COMMIT before', 'commit; select * from t', 'read t, unknown'],
  ['R32 a function behind', 'select * from t; select purge()', 'execute function ?.purge, read t !state'],
  ['R32 DDL twice', 'create table a (x int); create table b (x int)', 'create a, create b, unknown !names'],
  ['R32 nothing named behind', 'create table a (x int); commit', 'create a !names'],
  ['a comment only', '/* nothing */ -- at all', ''],
  ['separators only', ';;;', ''],
  ['R32 FETCH before', 'fetch c; select * from t', 'read t, unknown'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what whole texts do: ${about}`, async () => {
    assert.equal(await said(sql), does);
  });
}

test('classify() gives one tag per statement', async () => {
  const facts = await factsOf('begin; select 1; drop table t; explain delete from t; rollback');
  assert.deepEqual(facts.tags, ['BEGIN', 'SELECT', 'DROP TABLE', 'EXPLAIN', 'ROLLBACK']);
  assert.deepEqual(facts.transaction, ['begin', 'rollback']);
  assert.deepEqual((await factsOf(' -- nothing')).tags, []);
});

test('classify() names built-in functions and operators that a user could stand in for', async () => {
  const facts = await factsOf(
    'select lower(a), pg_catalog.upper(b), t.c, (d).e from t where f in (1) and g between 1 and 2 and h like $1 and i = any ($2)',
  );
  assert.deepEqual([...facts.functionNames].sort(), ['c', 'e', 'lower']);
  assert.deepEqual([...facts.operatorNames].sort(), ['<=', '=', '>=', '~~']);
  for (const sql of [
    'select case a when 1 then 2 end from t',
    'select 1 where a in (select 1)',
    'select * from a join b using (c)',
    'select * from a natural join b',
  ]) {
    assert.deepEqual((await factsOf(sql)).operatorNames, ['='], sql);
  }
});

test('W-sql-3 classify() keeps the facts of what is prepared, declared, executed and fetched', async () => {
  const prepared = await factsOf('prepare p (int) as delete from t where a = $1');
  assert.deepEqual(prepared.relations, []);
  assert.deepEqual(
    prepared.cursors.prepares.map(({ name, facts }) => [name, facts.tags, facts.relations]),
    [
      [
        'p',
        ['DELETE'],
        [
          { effect: 'delete', relation: { schema: null, name: 't' } },
          { effect: 'read', relation: { schema: null, name: 't' } },
        ],
      ],
    ],
  );
  const declared = await factsOf('declare c cursor for select secret from t');
  assert.deepEqual(declared.tags, ['DECLARE CURSOR']);
  assert.equal(declared.relations.length, 1);
  assert.deepEqual(
    declared.cursors.declares.map(({ name, facts }) => [name, facts.tags]),
    [['c', ['SELECT']]],
  );
  assert.deepEqual((await factsOf('execute "P"(1)')).cursors.executes, ['P']);
  assert.deepEqual((await factsOf('explain analyze execute p')).cursors.executes, ['p']);
  assert.deepEqual((await factsOf('create table n as execute p')).cursors.executes, ['p']);
  assert.deepEqual((await factsOf('fetch all in c; move c')).cursors.fetches, ['c']);
  assert.deepEqual((await factsOf('declare c cursor for select 1; fetch c; fetch d')).cursors.fetches, ['d']);
});

test('classify() says which way a COPY goes', async () => {
  assert.equal((await factsOf('copy t from stdin')).copy, 'in');
  assert.equal((await factsOf('copy t to stdout')).copy, 'out');
  assert.equal((await factsOf("copy t to '/x'")).copy, null);
  assert.equal((await factsOf('select 1')).copy, null);
});

test('classify() says where a constant decided', async () => {
  const sensitive = [
    "select nextval('a')",
    "select set_config('jit', 'on', true)",
    'explain (analyze 0) delete from t',
    "set client_encoding = 'utf8'",
    'begin read only',
    "prepare p as select nextval('a')",
    "declare c cursor for select nextval('a')",
  ];
  for (const sql of sensitive) assert.equal((await factsOf(sql)).literalSensitive, true, sql);
  for (const sql of ["select lower('a')", 'select 1 from t limit 2', 'explain select 1', 'begin'])
    assert.equal((await factsOf(sql)).literalSensitive, false, sql);
});

test('R35 classify() names the secret column of a system relation, and only that', async () => {
  const secret = 'admin secret column pg_subscription.subconninfo, read pg_subscription';
  assert.equal(await said('select count(*) from pg_subscription'), 'read pg_subscription');
  assert.equal(await said('select subname from pg_catalog.pg_subscription order by 1'), 'read pg_catalog.pg_subscription');
  for (const sql of [
    'select subconninfo from pg_subscription',
    'select * from pg_subscription',
    'select s from pg_subscription s',
    'select a from pg_subscription s(a)',
    'table pg_subscription',
    'select s.to_json from pg_subscription s',
  ]) {
    assert.equal(await said(sql), secret, sql);
  }
});

test('classify() refuses names that the server may fold otherwise', async () => {
  assert.equal(await said('select * from ÉTÉ'), 'read ÉtÉ, unknown');
  assert.equal(await said('select * from "ÉTÉ"'), 'read ÉTÉ');
});

test('R27 R28 R28a classify() refuses texts that may mean something else to the server', async () => {
  const sjis = Buffer.from("select E'\x83\x5c'; drop table t; --'", 'latin1');
  assert.equal('kind' in (await classified(sjis, 18, { clientEncoding: 'SJIS', standardConformingStrings: 'on' })), true);
  assert.equal('kind' in (await classified("select 'a\\'", 18, { clientEncoding: 'UTF8', standardConformingStrings: 'off' })), true);
  assert.equal('kind' in (await classified('select 1\0; drop table t')), true);
  assert.equal('kind' in (await classified(`select ${'1+'.repeat(100_000)}1`)), true);
});

test('R28a classify() calls unknown what is nested too deeply to be walked', async () => {
  // A chain that the grammar manages and the walk does not.
  await whenReady();
  assert.match(await said(`select ${'1+'.repeat(1_500)}a from t`), /unknown/);
  assert.equal(await said(`select ${'1+'.repeat(400)}a from t`), 'read t');
});

test('classify() never quotes the text in its reasons', async () => {
  const unreadable = await classified("select 'secret' 'secret'");
  assert.equal(JSON.stringify(unreadable).includes('secret'), false);
});

const WORDS = [
  ...[
    'select',
    'from',
    'where',
    'insert',
    'into',
    'values',
    'update',
    'set',
    'delete',
    'with',
    'as',
    'recursive',
    'returning',
    'explain',
    'analyze',
    'copy',
    'to',
    'stdout',
    'create',
    'table',
  ],
  ...[
    'drop',
    'alter',
    'grant',
    'on',
    'a',
    'b',
    't',
    's.t',
    '*',
    ',',
    '(',
    ')',
    ';',
    "'x'",
    '1',
    '$1',
    '=',
    '+',
    'join',
    'using',
    'union',
    'order',
    'by',
    'begin',
    'commit',
    'execute',
    'prepare',
    'p',
    'null',
    "E'\\\\'",
    '--',
    '\n',
    '/*',
    '*/',
    'é',
  ],
];

for (const major of SERVER_MAJORS) {
  test(`classify() by the grammar of ${major} gives facts or Unreadable for anything`, async () => {
    const grammar = await loadGrammar(major);
    const check = (bytes: Buffer): void => {
      const facts = classify(grammar, bytes, { statementBytesMax: 10_000 }, { clientEncoding: 'UTF8', standardConformingStrings: 'on' });
      if ('kind' in facts) assert.equal(facts.kind, 'unreadable');
      else assert.equal(Array.isArray(facts.tags), true);
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => check(Buffer.from(bytes))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }), (words) => check(Buffer.from(words.join(' ')))),
      { numRuns: 3_000 },
    );
  });
}

/** After a breakdown the spare parser may still be on its way. */
async function whenReady(): Promise<void> {
  for (let turn = 0; turn < 1_000_000; turn += 1) {
    if (!('kind' in (await classified('select 1')))) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
