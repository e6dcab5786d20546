import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { decideName } from '#core/egress/rules.ts';
import { chooseDuty } from '#core/policy/bind.ts';
import { decide } from '#core/policy/decide.ts';
import { decideAll, effectiveDuty, narrowedBy } from '#core/policy/effective-duty.ts';
import { columnMasks, detectorsFor } from '#core/policy/masks.ts';
import { parsePolicy } from '#core/policy/parse.ts';
import type { Duty, Policy } from '#core/policy/policy.ts';
import { describeProblem } from '#core/policy/problems.ts';
import { operationOf, pairOf } from './build.ts';

const ROOT = new URL('../../../', import.meta.url);

function example(name: string): Policy {
  const parsed = parsePolicy(readFileSync(new URL(`policies/${name}`, ROOT), 'utf8'));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problems.map(describeProblem).join('\n')}`);
  assert.deepEqual(parsed.warnings, [], name);
  return parsed.policy;
}

function dutyOf(policy: Policy, name: string): Duty {
  const duty = policy.duties.get(name);
  if (duty === undefined) throw new Error(`no duty ${name}`);
  return duty;
}

const OUTCOMES: readonly (readonly [file: string, duty: string, pairs: readonly string[], outcome: string])[] = [
  ['log-reader.yml', 'log-reader', ['read public.orders'], 'allow'],
  ['log-reader.yml', 'log-reader', ['read logs.requests', 'read public.customers'], 'allow'],
  ['log-reader.yml', 'log-reader', ['read -'], 'allow'],
  ['log-reader.yml', 'log-reader', ['read @pg_catalog.pg_class'], 'allow'],
  ['log-reader.yml', 'log-reader', ['session =TimeZone'], 'allow'],
  ['log-reader.yml', 'log-reader', ['read public.salaries'], 'deny'],
  ['log-reader.yml', 'log-reader', ['read public.orders', 'read public.salaries'], 'deny'],
  ['log-reader.yml', 'log-reader', ['drop public.orders'], 'deny'],
  ['log-reader.yml', 'log-reader', ['alter public.orders'], 'deny'],
  ['log-reader.yml', 'log-reader', ['insert logs.requests'], 'deny'],
  ['log-reader.yml', 'log-reader', ['update public.orders', 'read public.orders'], 'deny'],
  ['log-reader.yml', 'log-reader', ['execute public.purge()'], 'deny'],
  ['log-reader.yml', 'log-reader', ['drop schema:public'], 'deny'],
  ['log-reader.yml', 'log-reader', ['unknown ?'], 'deny'],
  ['migrator.yml', 'migrator', ['create public.invoices'], 'allow'],
  ['migrator.yml', 'migrator', ['alter public.orders', 'create index:orders_day'], 'allow'],
  ['migrator.yml', 'migrator', ['alter private.t', 'create index:t_day'], 'deny'],
  ['migrator.yml', 'migrator', ['lock lock:advisory'], 'allow'],
  ['migrator.yml', 'migrator', ['alter public.orders'], 'allow'],
  ['migrator.yml', 'migrator', ['insert migrations.done', 'read migrations.done'], 'allow'],
  ['migrator.yml', 'migrator', ['update public.orders', 'read public.orders'], 'allow'],
  ['migrator.yml', 'migrator', ['session =lock_timeout'], 'allow'],
  ['migrator.yml', 'migrator', ['create public.backfill()', 'execute public.backfill()'], 'allow'],
  ['migrator.yml', 'migrator', ['drop public.orders'], 'deny'],
  ['migrator.yml', 'migrator', ['truncate public.orders'], 'deny'],
  ['migrator.yml', 'migrator', ['delete-all public.orders'], 'deny'],
  ['migrator.yml', 'migrator', ['alter public.orders', 'drop public.old'], 'deny'],
  ['migrator.yml', 'migrator', ['read public.salaries'], 'deny'],
  ['migrator.yml', 'migrator', ['alter schema:public'], 'deny'],
  ['migrator.yml', 'migrator', ['grant public.orders'], 'deny'],
  ['migrator.yml', 'migrator', ['create private.t'], 'deny'],
  ['agent-held.yml', 'writer', ['insert public.orders'], 'allow'],
  ['agent-held.yml', 'reader', ['insert public.orders'], 'deny'],
  ['agent-held.yml', 'reader', ['read public.orders'], 'allow'],
  ['installer.yml', 'installer', ['read public.orders'], 'allow'],
  ['installer.yml', 'log-reader', ['read public.orders'], 'deny'],
  ['installer.yml', 'log-reader', ['read logs.requests'], 'allow'],
];

test('each example in policies/ decides as its comments say', () => {
  for (const [file, duty, pairs, outcome] of OUTCOMES) {
    assert.equal(
      decide(dutyOf(example(file), duty), operationOf(pairs.map(pairOf), 'orders-db', 'orders')).outcome,
      outcome,
      `${file}: ${pairs.join(', ')}`,
    );
  }
});

test('each file in policies/ is exercised, and binds issuer local as well as GitHub', () => {
  const files = readdirSync(new URL('policies/', ROOT));
  assert.deepEqual(files.sort(), [...new Set(OUTCOMES.map(([file]) => file))].sort());
  for (const file of files) {
    const policy = example(file);
    const github = {
      issuer: 'https://token.actions.githubusercontent.com',
      repository: 'acme/shop',
      ref: 'refs/heads/main',
      event: 'push',
      environment: 'production',
      'workflow-ref': 'acme/shop/.github/workflows/migrate.yml@refs/heads/main',
    };
    assert.equal(chooseDuty(policy, { issuer: 'local' }, null).kind, 'ok', file);
    assert.equal(chooseDuty(policy, github, null).kind, 'ok', file);
    assert.equal(chooseDuty(policy, { ...github, ref: 'refs/heads/evil' }, null).kind, 'none-bound', file);
  }
});

test('policies/agent-held.yml holds an agent to what both duties allow, masked', () => {
  const policy = example('agent-held.yml');
  const right = narrowedBy(effectiveDuty(dutyOf(policy, 'writer')), ...policy.agents.map(({ duty }) => duty));
  const outcome = (pair: string) => decideAll(right, operationOf([pairOf(pair)], 'orders-db', 'orders')).outcome;
  assert.deepEqual(['read public.orders', 'insert public.orders', 'read public.salaries'].map(outcome), ['allow', 'deny', 'deny']);
  const columns = [{ attnum: 1, name: 'email' }];
  assert.equal(columnMasks(right, 'orders-db', { schema: 'public', name: 'customers', columns }).size, 1);
});

test('policies/log-reader.yml masks cards and e-mail addresses', () => {
  const duty = dutyOf(example('log-reader.yml'), 'log-reader');
  const columns = ['id', 'email', 'card'].map((name, index) => ({ attnum: index + 1, name }));
  assert.deepEqual([...columnMasks(duty, 'orders-db', { schema: 'public', name: 'customers', columns }).keys()], [2, 3]);
  assert.deepEqual(
    detectorsFor(duty, 'orders-db').map(({ detector }) => detector),
    ['credit-card', 'jwt', 'password', 'private-key'],
  );
});

/** What a block of the page leaves out, so that each can show its own keys alone. */
const REST = {
  version: 1,
  targets: { 'orders-db': { protocol: 'postgres', address: 'db.internal', database: 'orders', user: 'app' } },
  duties: {
    'log-reader': { allow: [{ on: 'orders-db', effects: ['read'] }] },
    clerk: { allow: [{ on: 'orders-db', effects: ['read'] }] },
  },
  bindings: [{ duties: ['log-reader'], when: { issuer: 'local' } }],
};

test('each yaml block of docs/policy.md is a policy, with what it leaves out filled in', () => {
  const page = readFileSync(new URL('docs/policy.md', ROOT), 'utf8');
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
  assert.ok(blocks.length >= 6);
  for (const block of blocks) {
    const given: Record<string, unknown> = parse(block);
    if (JSON.stringify(given).includes('orders-archive')) given.targets = { ...REST.targets, 'orders-archive': REST.targets['orders-db'] };
    const parsed = parsePolicy(JSON.stringify({ ...REST, bindings: dutiesBound(given), ...given }));
    assert.deepEqual(parsed.ok ? [] : parsed.problems.map(describeProblem), [], block);
  }
});

function dutiesBound(given: Readonly<Record<string, unknown>>): unknown {
  const { duties } = given;
  return typeof duties === 'object' && duties !== null ? [{ duties: Object.keys(duties), when: { issuer: 'local' } }] : REST.bindings;
}

test('docs/policy.md names every key of the JSON Schema', () => {
  const page = readFileSync(new URL('docs/policy.md', ROOT), 'utf8');
  const keys = new Set<string>();
  JSON.parse(readFileSync(new URL('docs/policy.schema.json', ROOT), 'utf8'), (key, value: unknown) => {
    if (key === 'properties' && typeof value === 'object' && value !== null) for (const name of Object.keys(value)) keys.add(name);
    return value;
  });
  assert.deepEqual(
    [...keys].filter((key) => !page.includes(`\`${key}\``) && !page.includes(`{ ${key}: NAME }`)),
    [],
  );
});

test('policies/installer.yml reaches registries and the code host, and no further', () => {
  const policy = example('installer.yml');
  const { egress, limits } = policy;
  assert.ok(egress !== null);
  const reached = ['registry.example.com', 'index.example.com', 'github.com', 'api.github.com'];
  const refused = ['gist.github.com', 'a.b.github.com', 'example.com', 'other.example.com', 'pipelines.actions.githubusercontent.com'];
  const ports = (name: string) => {
    const decision = decideName(egress, name);
    return decision.kind === 'allowed' ? [...decision.ports.keys()] : null;
  };
  assert.deepEqual(reached.map(ports), Array(reached.length).fill([443]));
  assert.deepEqual(refused.map(ports), Array(refused.length).fill(null));
  assert.deepEqual([limits.depth, limits.children], [3, 5]);
  assert.deepEqual(
    ['installer', 'log-reader'].map((name) => dutyOf(policy, name).operationsMax),
    [null, 500],
  );
});
