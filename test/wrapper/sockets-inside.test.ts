import assert from 'node:assert/strict';
import { test } from 'node:test';
import { socketsBoundIn } from '#wrapper/sockets-inside.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

test('socketsBoundIn() refuses where the process is not, or not any more, of that cage', () => {
  const tools = findTools(TOOL_FOLDERS);
  const other = { init: process.pid, entrance: 'user-namespace', network: '1' } as const;
  assert.throws(() => socketsBoundIn(other, tools), { code: 'set-up', message: /No such process/ });
  assert.throws(() => socketsBoundIn({ ...other, init: 2 ** 22 + 1 }, tools), { code: 'set-up' });
});
