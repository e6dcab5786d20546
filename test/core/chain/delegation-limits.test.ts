import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delegationFault, SESSION_LIMITS } from '#core/chain/delegation-limits.ts';

const LIMITS = { depth: 3, children: 2 };

test('delegationFault() lets a chain grow to its limit and no further', () => {
  assert.equal(delegationFault(LIMITS, { depth: 2, children: 0 }), null);
  assert.match(delegationFault(LIMITS, { depth: 3, children: 0 }) ?? '', /number 4 of its chain/);
});

test('delegationFault() lets as many children run as are allowed', () => {
  assert.equal(delegationFault(LIMITS, { depth: 1, children: 1 }), null);
  assert.match(delegationFault(LIMITS, { depth: 1, children: 2 }) ?? '', /2 commands run/);
});

test('delegationFault() has defaults that let an agent start an agent', () => {
  assert.equal(delegationFault(SESSION_LIMITS, { depth: 3, children: 0 }), null);
});
