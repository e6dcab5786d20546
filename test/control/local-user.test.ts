import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { localUserName } from '#control/local-user.ts';

test('localUserName() is what the system says, whatever the environment does', () => {
  const name = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
  const before = process.env['USER'];
  process.env['USER'] = 'somebody-else';
  try {
    assert.equal(localUserName(), name);
  } finally {
    if (before === undefined) delete process.env['USER'];
    else process.env['USER'] = before;
  }
});
