import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeObject } from '#core/operation/operation.ts';
import type { NameRef } from '#core/sql/facts.ts';
import { type ResolvedNames, type ResolvedRelation, resolveOperationPairs } from '#core/sql/resolve.ts';
import { factsOf } from './said.ts';

const TABLE: ResolvedRelation = {
  oid: 20_000,
  schema: 'public',
  name: 't',
  kind: 'r',
  temporary: false,
  userTriggers: false,
  rules: false,
  columns: [],
};

const RELATIONS: Readonly<Record<string, ResolvedRelation>> = {
  t: TABLE,
  'public.t': TABLE,
  part: { ...TABLE, name: 'part', kind: 'p' },
  v: { ...TABLE, name: 'v', kind: 'v', rules: true },
  m: { ...TABLE, name: 'm', kind: 'm' },
  f: { ...TABLE, name: 'f', kind: 'f' },
  triggered: { ...TABLE, name: 'triggered', userTriggers: true },
  ruled: { ...TABLE, name: 'ruled', rules: true },
  temp: { ...TABLE, schema: 'pg_temp_3', name: 'temp', temporary: true },
  pg_class: { ...TABLE, schema: 'pg_catalog', name: 'pg_class' },
  pg_authid: { ...TABLE, schema: 'pg_catalog', name: 'pg_authid' },
  pg_settings: { ...TABLE, schema: 'pg_catalog', name: 'pg_settings', kind: 'v', rules: true },
  'information_schema.tables': { ...TABLE, schema: 'information_schema', name: 'tables', kind: 'v' },
  'pg_toast.pg_toast_1': { ...TABLE, schema: 'pg_toast', name: 'pg_toast_1', kind: 't' },
};

const NAMES: ResolvedNames = {
  relation: ({ schema, name }: NameRef) => RELATIONS[schema === null ? name : `${schema}.${name}`] ?? 'missing',
  currentSchema: 'app',
  shadowedFunctions: new Set(['lower']),
  shadowedOperators: new Set(['+']),
};

const CASES: readonly (readonly [about: string, sql: string, pairs: readonly string[]])[] = [
  ['a table by its real name', 'select * from t', ['read relation public.t']],
  ['the same table twice', 'select * from t, public.t', ['read relation public.t']],
  ['a missing table where it would be', 'select * from nowhere', ['read relation app.nowhere']],
  ['a missing table with a schema', 'select * from x.nowhere', ['read relation x.nowhere']],
  ['no relation', 'select 1', ['read none no object']],
  ['transaction control', 'begin; commit', []],
  ['nothing', '', []],
  ['a new table in the current schema', 'create table t (a int)', ['create relation app.t']],
  ['a partitioned table', 'select * from part', ['read relation public.part']],
  ['R30 a view', 'select * from v', ['read relation public.v', 'unknown']],
  ['dropping a view', 'drop view v', ['drop relation public.v']],
  ['a materialized view', 'select * from m', ['read relation public.m']],
  ['R30 a foreign table', 'select * from f', ['read relation public.f', 'unknown']],
  ['reading a table with triggers', 'select * from triggered', ['read relation public.triggered']],
  ['R30 writing a table with triggers', 'insert into triggered values (1)', ['insert relation public.triggered', 'unknown']],
  ['R30 truncating a table with triggers', 'truncate triggered', ['truncate relation public.triggered', 'unknown']],
  [
    'R30 COPY into a table with triggers',
    'copy triggered from stdin',
    ['copy-in relation public.triggered', 'insert relation public.triggered', 'unknown'],
  ],
  ['R30 writing a table with rules', 'delete from ruled', ['delete-all relation public.ruled', 'unknown']],
  ['a temporary table', 'insert into temp values (1)', ['insert relation pg_temp.temp']],
  ['a harmless system relation', 'select * from pg_class', ['read catalog pg_catalog.pg_class']],
  ['a harmless system view', 'select * from pg_settings', ['read catalog pg_catalog.pg_settings']],
  ['W-sql-5 information_schema', 'select * from information_schema.tables', ['read catalog information_schema.tables']],
  ['R35 a system relation with secrets', 'select * from pg_authid', ['admin catalog pg_catalog.pg_authid']],
  ['R35 a system relation nobody reviewed', 'select * from pg_catalog.pg_brand_new', ['admin catalog pg_catalog.pg_brand_new']],
  ['R35 values under another name', 'select * from pg_toast.pg_toast_1', ['admin catalog pg_toast.pg_toast_1']],
  [
    'writing a system relation',
    'update pg_settings set setting = 1 where true',
    ['admin catalog pg_catalog.pg_settings', 'read catalog pg_catalog.pg_settings'],
  ],
  ['COPY of a system relation', 'copy pg_class to stdout', ['copy-out catalog pg_catalog.pg_class', 'read catalog pg_catalog.pg_class']],
  ['R30 a function that is shadowed', 'select lower(a), upper(b) from t', ['read relation public.t', 'unknown']],
  ['R30 a column that may be a function', 'select t.lower from t', ['read relation public.t', 'unknown']],
  ['a function with its schema', 'select pg_catalog.lower(a) from t', ['read relation public.t']],
  ['R30 an operator that is shadowed', 'select a + b from t', ['read relation public.t', 'unknown']],
  ['an operator that is not', 'select a - b from t', ['read relation public.t']],
  ['what the text leaves open', 'do $$ $$', ['unknown']],
  ['other objects', 'drop schema s; set jit = on', ['drop other schema s', 'session setting setting jit']],
];

for (const [about, sql, expected] of CASES) {
  test(`resolveOperationPairs() gives the pairs of ${about}`, async () => {
    const pairs = resolveOperationPairs(await factsOf(sql), NAMES);
    const shown = pairs.map(({ effect, object }) =>
      effect === 'unknown' ? 'unknown' : `${effect} ${object.kind} ${describeObject(object)}`,
    );
    assert.deepEqual(shown.sort(), expected);
  });
}

test('resolveOperationPairs() falls back to public where nothing can be created', async () => {
  const pairs = resolveOperationPairs(await factsOf('select * from nowhere'), { ...NAMES, currentSchema: null });
  assert.deepEqual(pairs, [{ effect: 'read', object: { kind: 'relation', path: ['public', 'nowhere'] } }]);
});
