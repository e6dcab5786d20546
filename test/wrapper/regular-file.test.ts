import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { asideName, discard, openRegular, putRegular, readUpTo, writeAll } from '#wrapper/regular-file.ts';

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
  const put = (text: string): void => putRegular(at('inside/copy'), Buffer.from(text), { aside: at('aside'), mayStay: () => false });
  put('first');
  assert.equal(readFileSync(at('inside/copy'), 'utf8'), 'first');
  const [folderAside = '', ...more] = readdirSync(at('aside'));
  assert.deepEqual(more, []);
  assert.ok(existsSync(at(`aside/${folderAside}/deep/link`)));
  rmSync(at('inside/copy'));
  symlinkSync(at('outside/kept'), at('inside/copy'));
  put('second');
  assert.deepEqual([readFileSync(at('inside/copy'), 'utf8'), readFileSync(at('outside/kept'), 'utf8')], ['second', 'kept']);
  assert.deepEqual(readdirSync(at('aside')), [folderAside]);
  putRegular(at('inside/copy'), Buffer.from('third'), { aside: at('aside'), mayStay: (found) => found.isFile() });
  assert.equal(readFileSync(at('inside/copy'), 'utf8'), 'second');
  discard(at(`aside/${folderAside}`));
  assert.ok(existsSync(at(`aside/${folderAside}/deep/link`)));
  assert.notEqual(asideName(folder), asideName(folder));
});
