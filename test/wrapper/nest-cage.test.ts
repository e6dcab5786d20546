import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { nestCage } from '#wrapper/nest-cage.ts';
import { openTerminal } from '#wrapper/pty.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';
import { barePlan } from './bare-plan.ts';

const never = new Promise<never>(() => undefined);

test('nestCage() makes none within a process that is no longer the one that was meant, and leaves nothing behind', async (t) => {
  const folder = temporaryFolder(t);
  const terminal = openTerminal(80, 24);
  t.after(terminal.close);
  const making = { tools: findTools(TOOL_FOLDERS), lost: never, interrupted: never };
  const own = String(statSync('/proc/self/ns/net').ino);
  for (const network of ['1', `${own}0`]) {
    const outer = { init: process.pid, entrance: 'user-namespace', network, workspace: null, launchers: [], agent: null } as const;
    await assert.rejects(nestCage(barePlan(folder), terminal, making, outer), { code: 'set-up', message: /No such process/ });
  }
  assert.deepEqual(readdirSync(folder), []);
});
