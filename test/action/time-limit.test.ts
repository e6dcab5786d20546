import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from '#action/time-limit.ts';

const late = () => new Error('late');

test('within() gives what comes in time, and throws what is thrown', async () => {
  assert.equal(await within(10_000, Promise.resolve(3), late), 3);
  await assert.rejects(within(10_000, Promise.reject(new Error('own')), late), { message: 'own' });
});

test('within() does not wait for what does not come', async () => {
  await assert.rejects(within(1, new Promise(() => undefined), late), { message: 'late' });
});

test('within() hears of a failure that comes too late, so that nobody else does', async () => {
  const failing = Promise.withResolvers<never>();
  await assert.rejects(within(1, failing.promise, late), { message: 'late' });
  failing.reject(new Error('too late'));
  await new Promise(setImmediate);
});
