import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimits } from './rate-limits.ts';

test('createRateLimits() counts for each caller, and begins anew after an hour', () => {
  const clock = { ms: 0 };
  const limits = createRateLimits(2, () => clock.ms);
  assert.deepEqual([limits.take('a'), limits.take('a'), limits.take('a'), limits.take('b')], [true, true, false, true]);
  assert.deepEqual(limits.state('a'), { limit: 2, used: 2, remaining: 0, reset: 3600 });
  limits.giveBack('a');
  assert.equal(limits.state('a').remaining, 1);
  clock.ms = 3_600_000;
  assert.deepEqual(limits.state('a'), { limit: 2, used: 0, remaining: 2, reset: 7200 });
});
