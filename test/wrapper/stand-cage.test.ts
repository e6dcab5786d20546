import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { openTerminal } from '#wrapper/pty.ts';
import { standCage } from '#wrapper/stand-cage.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';
import { barePlan } from './bare-plan.ts';

test('standCage() leaves nothing of a cage whose making is interrupted', async (t) => {
  const sessionFolder = temporaryFolder(t);
  const never = new Promise<never>(() => undefined);
  let pid = 0;
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<NodeJS.Signals>();
  const plan = barePlan(sessionFolder, {
    enterCage(place) {
      pid = place.pid;
      interrupt('SIGTERM');
      return never;
    },
  });
  const terminal = openTerminal(80, 24);
  t.after(terminal.close);
  const making = { tools: findTools(TOOL_FOLDERS), entrance: 'user-namespace', lost: never, interrupted, lifeline: null } as const;
  // What the set-up waits for never comes: its end must not hang on that.
  const ended = await Promise.race([
    standCage(plan, terminal, making),
    new Promise((resolve) => setTimeout(resolve, 5000, 'late').unref()),
  ]);
  assert.equal(ended, 'SIGTERM');
  assert.ok(!existsSync(join('/proc', String(pid), 'root')));
  assert.ok(!readdirSync(sessionFolder).includes('cage'));
});
