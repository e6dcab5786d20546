import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { cliProgram } from '#wrapper/cli-program.ts';

test('cliProgram() is there', () => {
  assert.ok(existsSync(cliProgram(new URL('../../wrapper/cage-files.ts', import.meta.url).href)));
});
