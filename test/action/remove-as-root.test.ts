import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeAsRoot } from '#action/remove-as-root.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('removeAsRoot() removes an empty folder without asking anybody, and leaves files alone', (t) => {
  const folder = temporaryFolder(t);
  const [empty, file] = [join(folder, 'empty'), join(folder, 'file')];
  mkdirSync(empty, { mode: 0 });
  writeFileSync(file, '');
  for (const path of [empty, file, join(folder, 'none')]) removeAsRoot(path);
  assert.deepEqual([existsSync(empty), existsSync(file)], [false, true]);
});
