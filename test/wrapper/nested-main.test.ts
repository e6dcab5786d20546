import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

test('the supervisor of a nested command does nothing but by a record that it understands', () => {
  const program = join(import.meta.dirname, '../../wrapper/nested-main.ts');
  for (const input of ['', '{}', '[]']) {
    const { status, stdout } = spawnSync(process.execPath, [program], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe', 'ignore'],
    });
    assert.notEqual(status, 0);
    assert.equal(stdout, '');
  }
});
