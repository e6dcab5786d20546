import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomIds, systemClock } from '#gateway/system.ts';

test('randomIds() gives 128 bits in base64url, never the same', () => {
  const ids = randomIds();
  const drawn = Array.from({ length: 1000 }, () => ids.next());
  for (const id of drawn) assert.match(id, /^[A-Za-z0-9_-]{21}[AQgw]$/);
  assert.equal(new Set(drawn).size, drawn.length);
});

test('systemClock counts whole microseconds that never go back', () => {
  const first = systemClock.monotonicMicros();
  const second = systemClock.monotonicMicros();
  assert.ok(Number.isSafeInteger(first) && second >= first);
  assert.ok(Math.abs(systemClock.nowMs() - Date.now()) < 1000);
});
