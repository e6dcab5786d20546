import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_NOT_STARTED, exitCodeOf } from '#wrapper/exit-code.ts';

for (const [result, exitCode] of [
  [{ kind: 'exited', exitCode: 0 }, 0],
  [{ kind: 'exited', exitCode: 255 }, 255],
  [{ kind: 'signalled', signal: 'SIGKILL' }, 137],
  [{ kind: 'signalled', signal: 'SIGTERM' }, 143],
  [{ kind: 'signalled', signal: 'SIGINT' }, 130],
  [{ kind: 'lost', why: 'gone' }, 123],
] as const) {
  test(`exitCodeOf() gives ${exitCode} when ${JSON.stringify(result)}`, () => assert.equal(exitCodeOf(result), exitCode));
}

test('EXIT_NOT_STARTED is the documented 125', () => assert.equal(EXIT_NOT_STARTED, 125));
