import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionTime } from '#gateway/session-time.ts';

test('SessionTime is over once, at its time, and not for a session that has ended or may last', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: string[] = [];
  const forever = new SessionTime(null, new Promise(() => undefined), () => assert.fail());
  const limited = new SessionTime(1000, new Promise(() => undefined), (why) => void told.push(why));
  const ended = new SessionTime(1000, Promise.resolve(), () => assert.fail());
  await Promise.resolve();
  t.mock.timers.tick(999);
  limited.requireLeft();
  t.mock.timers.tick(10_000);
  assert.deepEqual(told, ['the time that limits.session gives is over']);
  assert.throws(() => limited.requireLeft(), { code: 'conflict' });
  for (const time of [forever, ended]) time.requireLeft();
});
