import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEnd } from '#adapters/files/archive-end.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { makeZip } from './zip-maker.ts';

test('readEnd() finds the directory of small and of large archives', (t) => {
  const path = join(temporaryFolder(t), 'a.zip');
  const members = [{ name: 'a', content: Buffer.from('x'), method: 0 }];
  for (const zip64 of [false, true]) {
    writeFileSync(path, makeZip(members, { zip64 }));
    const fd = openSync(path, 'r');
    assert.deepEqual(readEnd(fd), { directoryStart: 32, directoryBytes: 47, entries: 1 });
    closeSync(fd);
  }
});
