import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, said } from './said.ts';

const CASES: readonly Case[] = [
  ['formats', 'set datestyle = iso, dmy', 'session setting datestyle'],
  ['time zone', "set time zone 'UTC'", 'session setting timezone'],
  ['time zone interval', "set time zone interval '1' hour to minute", 'session setting timezone'],
  ['time zone default', 'set time zone local', 'session setting timezone'],
  ['time-outs', "set local statement_timeout = '5s'", 'session setting statement_timeout'],
  ['search_path', 'set search_path = a, "$user"', 'session setting search_path !names'],
  ['SET SCHEMA', "set schema 'x'", 'session setting search_path !names'],
  ['planner', 'set enable_seqscan to off', 'session setting enable_seqscan'],
  ['W-sql-2 strings off', 'set standard_conforming_strings = off', 'admin setting standard_conforming_strings !state'],
  [
    'W-sql-2 strings off by set_config',
    "select set_config('standard_conforming_strings', 'off', false)",
    'admin setting standard_conforming_strings !state',
  ],
  ['strings on', 'set standard_conforming_strings = on', 'session setting standard_conforming_strings !state'],
  ['strings on for a transaction', 'set local standard_conforming_strings = on', 'admin setting standard_conforming_strings !state'],
  ['strings reset', 'reset standard_conforming_strings', 'admin setting standard_conforming_strings !state'],
  ['R27 another encoding', 'set client_encoding = sjis', 'admin setting client_encoding !state'],
  ['R27 NAMES', "set names 'BIG5'", 'admin setting client_encoding !state'],
  ['UTF8', "set client_encoding to 'UTF8'", 'session setting client_encoding !state'],
  ['UTF8 as others spell it', "set names 'utf-8'", 'session setting client_encoding !state'],
  ['W-sql-3 SET ROLE', 'set role postgres', 'admin setting role !state'],
  ['SET ROLE NONE', 'set role none', 'admin setting role !state'],
  ['session authorization', 'set session authorization default', 'admin setting session_authorization !state'],
  ['replication role', 'set session_replication_role = replica', 'admin setting session_replication_role !state'],
  ['a name with a dot', "set app.tenant = '1'", 'admin setting app.tenant !state'],
  ['case of names', 'set "Search_Path" to x', 'session setting search_path !names'],
  ['read only', 'set default_transaction_read_only = on', 'session setting default_transaction_read_only'],
  ['read write', 'set default_transaction_read_only = off', 'admin setting default_transaction_read_only !state'],
  ['read only reset', 'reset default_transaction_read_only', 'admin setting default_transaction_read_only !state'],
  ['RESET', 'reset timezone', 'session setting timezone'],
  ['RESET ALL', 'reset all', 'session setting all !state'],
  [
    'SET TRANSACTION',
    'set transaction isolation level serializable, read only, deferrable',
    'session setting transaction_deferrable, session setting transaction_isolation, session setting transaction_read_only',
  ],
  ['SET TRANSACTION READ WRITE', 'set transaction read write', 'admin setting transaction_read_only !state'],
  [
    'SESSION CHARACTERISTICS',
    'set session characteristics as transaction isolation level read committed',
    'session setting transaction_isolation',
  ],
  [
    'SESSION CHARACTERISTICS READ WRITE',
    'set session characteristics as transaction read write',
    'admin setting transaction_read_only !state',
  ],
  ['a snapshot', "set transaction snapshot '00000003-0000001B-1'", 'admin setting transaction_snapshot'],
  ['set_config as pg_dump does', "select pg_catalog.set_config('search_path', '', false)", 'session setting search_path !names'],
  ['set_config of a role', "select set_config('role', 'postgres', false)", 'admin setting role !state'],
  ['set_config computed', "select set_config('search' || '_path', 'x', false)", 'admin setting any !state'],
  ['set_config from rows', "select set_config(name, 'x', false) from pg_settings", 'admin setting any, read pg_settings !state'],
  [
    'set_config of one row',
    "select set_config(name, 'x', false) from pg_settings where name = 'restrict_nonsystem_relation_kind'",
    'read pg_settings, session setting restrict_nonsystem_relation_kind',
  ],
  [
    'set_config of one bad row',
    "select set_config(name, 'x', false) from pg_settings where name = 'role'",
    'admin setting role, read pg_settings !state',
  ],
  [
    'set_config of one row or others',
    "select set_config(name, 'x', false) from pg_settings where name = 'jit' or true",
    'admin setting any, read pg_settings !state',
  ],
  ['set_config of another table', "select set_config(name, 'x', false) from t where name = 'jit'", 'admin setting any, read t !state'],
  ['XML OPTION', 'set xml option document', 'session setting xmloption'],
  ['SHOW', 'show search_path', 'session setting search_path'],
  ['SHOW ALL', 'show all', 'session setting all'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what settings do: ${about}`, async () => {
    assert.equal(await said(sql), does);
  });
}
