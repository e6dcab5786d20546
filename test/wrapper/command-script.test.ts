import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_SCRIPT } from '#wrapper/command-script.ts';

test('COMMAND_SCRIPT starts the command by the program that takes its rights, opened before the mounts, and by no other', () => {
  assert.deepEqual(COMMAND_SCRIPT.match(/^\s*exec [^{\s]+.*$/gm), [
    '    exec "/proc/self/fd/$program" start "$start" <&"$in" >&"$out" {in}<&- {out}>&-',
  ]);
});
