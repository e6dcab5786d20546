import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, said } from './said.ts';

const CASES: readonly Case[] = [
  ['GRANT', 'grant select, insert (a) on t, s.u to public', 'grant s.u, grant t !names'],
  ['GRANT on a function', 'grant execute on function s.f(int) to r', 'grant function s.f !names'],
  ['GRANT on a schema', 'grant usage on schema s to r', 'grant schema s !names'],
  ['GRANT on a sequence', 'grant usage on sequence q to r', 'grant q !names'],
  ['GRANT on all tables', 'grant all on all tables in schema s to r', 'grant every table in schema s !names'],
  ['REVOKE', 'revoke all on t from r', 'grant t !names'],
  ['REVOKE CASCADE', 'revoke all on t from r cascade', 'grant t, unknown !names'],
  ['GRANT a role', 'grant a, b to c', 'grant role a, grant role b !names'],
  ['DEFAULT PRIVILEGES', 'alter default privileges in schema s grant select on tables to r', 'grant default privileges any !names'],
  ['CREATE ROLE', "create role r login password 'secret'", 'create role r, grant role r !names'],
  ['ALTER ROLE', 'alter role r superuser', 'alter role r, grant role r !names'],
  ['ALTER ROLE SET', 'alter role r set search_path = x', 'admin setting search_path !names'],
  ['ALTER DATABASE SET', 'alter database d set standard_conforming_strings = off', 'admin setting standard_conforming_strings !names'],
  ['DROP ROLE', 'drop role a, b', 'drop role a, drop role b, grant role a, grant role b !names'],
  ['DROP OWNED', 'drop owned by r', 'admin owned objects any, drop owned objects any, unknown !names'],
  ['REASSIGN OWNED', 'reassign owned by a to b', 'admin owned objects any, grant owned objects any, unknown !names'],
  ['CREATE FUNCTION', "create function s.f() returns int language sql as 'select 1'", 'admin function s.f, create function s.f !names'],
  [
    'CREATE OR REPLACE FUNCTION',
    'create or replace function f() returns int return 1',
    'admin function ?.f, alter function ?.f, create function ?.f !names',
  ],
  [
    'CREATE PROCEDURE',
    'create procedure p() language sql begin atomic delete from t; end',
    'admin function ?.p, create function ?.p !names',
  ],
  ['ALTER FUNCTION', 'alter function f(int) security definer', 'admin function ?.f, alter function ?.f !names'],
  ['W-sql-3 DO', 'do $$ begin delete from t; end $$', 'unknown !state'],
  ['W-sql-3 CALL', 'call s.p(1)', 'execute function s.p !state'],
  ["CALL with somebody's function", 'call p(purge())', 'execute function ?.p, execute function ?.purge !state'],
  ['CREATE AGGREGATE', 'create aggregate a (int) (sfunc = f, stype = int)', 'admin aggregate a, create aggregate a !names'],
  [
    'CREATE OPERATOR',
    'create operator @#@ (leftarg = int, rightarg = int, function = f)',
    'admin operator @#@, create operator @#@ !names',
  ],
  ['CREATE TYPE', 'create type ty as (a int)', 'create type ty !names'],
  ['CREATE ENUM', "create type ty as enum ('a')", 'create type ty !names'],
  ['CREATE RANGE', 'create type ty as range (subtype = int)', 'admin type ty, create type ty !names'],
  ['CREATE DOMAIN', 'create domain d as int check (purge(value))', 'create domain d, execute function ?.purge !state'],
  ['CREATE COLLATION', "create collation c (locale = 'C')", 'create collation c !names'],
  ['ALTER TYPE', "alter type ty add value 'b'", 'alter type ty !names'],
  ['ALTER DOMAIN', 'alter domain d drop not null', 'alter domain d !names'],
  ['CREATE CAST', 'create cast (int as text) with function f(int)', 'admin cast any, create cast any !names'],
  ['CREATE EXTENSION', 'create extension dblink', 'admin extension dblink, create extension dblink !names'],
  ['ALTER EXTENSION', 'alter extension e update', 'admin extension e, alter extension e !names'],
  ['CREATE LANGUAGE', 'create language l', 'admin extension l, create extension l !names'],
  [
    'CREATE EVENT TRIGGER',
    'create event trigger e on ddl_command_end execute function f()',
    'admin event trigger e, create event trigger e !names',
  ],
  ['CREATE SERVER', 'create server s foreign data wrapper w', 'admin server s, create server s !names'],
  [
    'CREATE USER MAPPING',
    "create user mapping for public server s options (password 'x')",
    'admin user mapping s, create user mapping s !names',
  ],
  ['IMPORT FOREIGN SCHEMA', 'import foreign schema x from server s into y', 'admin server s, create server s !names'],
  ['CREATE PUBLICATION', 'create publication p for table t', 'admin publication p, create publication p, read t !names'],
  [
    'CREATE SUBSCRIPTION',
    "create subscription s connection 'host=evil' publication p",
    'admin subscription s, create subscription s !names',
  ],
  ['CREATE TABLESPACE', "create tablespace x location '/x'", 'admin tablespace x, create tablespace x !names'],
  ['CREATE DATABASE', 'create database d', 'create database d !names'],
  ['DROP DATABASE', 'drop database d', 'drop database d !names'],
  ['SECURITY LABEL', "security label on table t is 'x'", 'admin t, alter t !names'],
  ['ALTER SYSTEM', 'alter system set fsync = off', 'admin server configuration !names'],
  ['LOAD', "load 'x'", 'admin server library !names'],
  ['CHECKPOINT', 'checkpoint', 'admin server checkpoint !names'],
  ['VACUUM', 'vacuum (full) t, s.u', 'maintain s.u, maintain t'],
  ['VACUUM all', 'vacuum', 'maintain database any'],
  ['ANALYZE', 'analyze t (a)', 'maintain t'],
  ['CLUSTER', 'cluster t using i', 'maintain t'],
  ['REINDEX', 'reindex table t', 'maintain t'],
  ['REINDEX DATABASE', 'reindex database d', 'maintain database any'],
  ['REFRESH', 'refresh materialized view m', 'maintain m !state'],
  ['LOCK', 'lock table a, only s.b in exclusive mode', 'lock a, lock s.b'],
  ['LOCK as SELECT does', 'lock table a in access share mode', 'read a'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what the server do: ${about}`, async () => {
    assert.equal(await said(sql), does);
  });
}
