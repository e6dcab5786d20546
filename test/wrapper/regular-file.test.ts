import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { openRegular, readUpTo, writeAll } from '#wrapper/regular-file.ts';

test('R18 openRegular() opens files, and neither follows nor waits for anything else', (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('file'), 'text');
  symlinkSync(at('file'), at('link'));
  mkdirSync(at('folder'));
  spawnSync('mkfifo', [at('fifo')]);
  for (const name of ['link', 'folder', 'fifo', 'none']) assert.equal(openRegular(at(name), constants.O_RDONLY), null, name);
  const fd = openRegular(at('file'), constants.O_RDWR);
  assert.ok(fd !== null);
  assert.deepEqual([readUpTo(fd, 3).toString(), readUpTo(fd, 100).toString()], ['tex', 'text']);
  writeAll(fd, Buffer.from('other'));
  closeSync(fd);
  assert.equal(readFileSync(at('file'), 'utf8'), 'other');
});
