import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { discard, openRegular, putRegular, readUpTo, setAside, writeAll } from '#wrapper/regular-file.ts';

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

test('R18 putRegular() empties no folder that somebody inside may lead elsewhere, and follows nothing', (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string): string => join(folder, name);
  for (const name of ['inside/copy/deep', 'outside', 'aside']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('outside/kept'), 'kept');
  symlinkSync(at('outside'), at('inside/copy/deep/link'));
  let number = 0;
  const put = (text: string): void => putRegular(at('inside/copy'), Buffer.from(text), () => at(`aside/${number++}`));
  put('first');
  assert.equal(readFileSync(at('inside/copy'), 'utf8'), 'first');
  assert.ok(existsSync(at('aside/0/deep/link')));
  rmSync(at('inside/copy'));
  symlinkSync(at('outside/kept'), at('inside/copy'));
  put('second');
  assert.deepEqual([readFileSync(at('inside/copy'), 'utf8'), readFileSync(at('outside/kept'), 'utf8')], ['second', 'kept']);
  assert.ok(!existsSync(at('aside/1')));
  setAside(at('inside/copy'), at('aside/9'));
  discard(at('aside/0'));
  assert.deepEqual([existsSync(at('inside/copy')), existsSync(at('aside/9')), existsSync(at('aside/0'))], [false, false, true]);
});
