import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_LIMITS } from '#core/chain/delegation-limits.ts';
import { parsePolicy } from '#core/policy/parse.ts';
import { CHAIN_DEPTH_MAX, LimitsSchema } from '#core/policy/schema-limits.ts';
import { DEPTH_MAX } from '#core/verify/chain-rules.ts';

const policy = (limits: string) => parsed('', limits);
const policyOfDuty = (more: string) => parsed(more, '');

const parsed = (duty: string, limits: string) =>
  parsePolicy(`version: 1
targets: { db: { protocol: postgres, address: h, database: d, user: u, tls: disable } }
duties: { reader: { allow: [ { on: db } ]${duty} } }
bindings: [ { duties: [reader], when: { issuer: local } } ]
${limits}`);

test('limits of delegation are the policy’s, and the usual ones where it says nothing', () => {
  for (const [text, expected] of [
    ['', SESSION_LIMITS],
    ['limits: { depth: 1 }', { ...SESSION_LIMITS, depth: 1 }],
    ['limits: { depth: 32, children: 0 }', { ...SESSION_LIMITS, depth: 32, children: 0 }],
    ['limits: { connections: 2 }', { ...SESSION_LIMITS, connections: 2 }],
    ['limits: { session: 30m }', { ...SESSION_LIMITS, sessionMs: 1_800_000 }],
    ['limits: { session: 7d }', { ...SESSION_LIMITS, sessionMs: 604_800_000 }],
  ] as const) {
    const parsed = policy(text);
    assert.deepEqual(parsed.ok ? parsed.policy.limits : parsed.problems, expected);
  }
});

test('a duty’s limit of operations is the policy’s, and none where it says nothing', () => {
  for (const [text, expected] of [
    ['', null],
    [', limits: { operations: 1 }', 1],
    [', limits: { operations: 1000000000 }', 1_000_000_000],
  ] as const) {
    const parsed = policyOfDuty(text);
    assert.deepEqual(parsed.ok ? parsed.policy.duties.get('reader')?.operationsMax : parsed.problems, expected);
  }
  for (const text of [
    '{}',
    '{ operations: 0 }',
    '{ operations: 1.5 }',
    '{ operations: many }',
    '{ operations: 1000000001 }',
    '{ rows-read: 1 }',
  ]) {
    assert.equal(policyOfDuty(`, limits: ${text}`).ok, false, text);
  }
});

test('LimitsSchema takes no limit that a verifier would not, and none that is none', () => {
  assert.equal(CHAIN_DEPTH_MAX, DEPTH_MAX);
  for (const limits of [
    { depth: 0 },
    { depth: DEPTH_MAX + 1 },
    { depth: 1.5 },
    { children: -1 },
    { children: 1001 },
    { connections: 0 },
    { connections: 1001 },
    { session: '8d' },
    { session: 'long' },
    { session: 30 },
    { depht: 1 },
  ]) {
    assert.equal(LimitsSchema.safeParse(limits).success, false, JSON.stringify(limits));
  }
});
