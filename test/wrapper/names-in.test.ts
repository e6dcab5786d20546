import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { namesIn } from '#wrapper/names-in.ts';

test('namesIn() names what a folder holds, and nothing where there is none', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'inner'));
  assert.deepEqual([namesIn(folder), namesIn(join(folder, 'none')), namesIn('/etc/passwd')], [['inner'], [], []]);
});
