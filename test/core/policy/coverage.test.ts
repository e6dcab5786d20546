import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowCovers, denyCovers } from '#core/policy/coverage.ts';
import { operationOf, pairOf, type RuleParts, ruleOf } from './build.ts';

type Case = readonly [rule: Omit<RuleParts, 'id'>, pair: string, allow: boolean, deny: boolean];

/** docs/policy.md, "What a rule covers", line by line. */
const CASES: readonly Case[] = [
  [{}, 'read public.t', true, true],
  [{}, 'unknown public.t', false, false],
  [{ effects: ['unknown'] }, 'unknown ?', false, true],
  [{ effects: ['read'] }, 'insert public.t', false, false],
  [{ effects: ['read'], relations: ['public.*'] }, 'read public.t', true, true],
  [{ effects: ['read'], relations: ['public.*'] }, 'read audit.t', false, false],
  [{ effects: ['read'], relations: ['public.*'] }, 'read -', true, false],
  [{ effects: ['read'], relations: ['public.*'] }, 'read @pg_catalog.pg_class', true, false],
  [{ effects: ['read'], relations: ['pg_catalog.*'] }, 'read @pg_catalog.pg_class', true, true],
  [{ effects: ['read'] }, 'read -', true, true],
  [{ effects: ['admin'], relations: ['pg_catalog.pg_stats'] }, 'admin -', false, false],
  [{ relations: ['public.*'] }, 'execute public.f()', false, false],
  [{ effects: ['execute'] }, 'execute public.f()', true, true],
  [{ effects: ['execute'], functions: ['public.f'] }, 'execute public.f()', true, true],
  [{ effects: ['execute'], functions: ['public.f'] }, 'execute public.g()', false, false],
  [{ functions: ['public.f'] }, 'read public.t', false, false],
  [{ functions: ['public.f'], relations: ['public.t'] }, 'read public.t', true, true],
  [{ effects: ['session'] }, 'session =work_mem', true, true],
  [{ relations: ['public.*'] }, 'session =work_mem', false, false],
  [{ effects: ['read', 'session'], relations: ['public.*'] }, 'session =work_mem', true, true],
  [{ effects: ['read', 'session'], relations: ['public.*'] }, 'session -', true, true],
  [{ effects: ['alter'], relations: ['public.*'] }, 'alter =work_mem', false, false],
  [{ effects: ['create'] }, 'create type:mood', true, true],
  [{ effects: ['create'], relations: ['public.*'] }, 'create type:mood', false, false],
  [{ effects: ['create'], relations: ['public.*'] }, 'create index:i', true, false],
  [{ effects: ['drop'], relations: ['public.*'] }, 'drop trigger:t', false, true],
  [{ effects: ['create'], functions: ['public.*'] }, 'create index:i', false, false],
  [{ effects: ['read', 'session'], relations: ['public.*'] }, 'session channel:c', true, true],
  [{ effects: ['drop'], relations: ['public.salaries'] }, 'drop schema:public', false, true],
  [{ effects: ['drop'], relations: ['public.salaries'] }, 'drop schema:audit', false, false],
  [{ effects: ['drop'], relations: ['public.salaries'] }, 'drop type:mood', false, true],
  [{ effects: ['grant'], relations: ['public.salaries'] }, 'grant role:bob', false, true],
  [{ effects: ['alter'], relations: ['public.salaries'] }, 'alter type:mood', false, false],
];

test('allowCovers() and denyCovers() cover as documented, for each kind of object', () => {
  for (const [parts, text, allow, deny] of CASES) {
    const rule = ruleOf({ id: 'r', ...parts });
    const pair = pairOf(text);
    const operation = operationOf([pair]);
    assert.equal(allowCovers(rule, pair, operation), allow, `allow ${JSON.stringify(parts)} on ${text}`);
    assert.equal(denyCovers(rule, pair, operation), deny, `deny ${JSON.stringify(parts)} on ${text}`);
  }
});
