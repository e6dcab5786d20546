import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { readMountTable } from '#wrapper/mount-table.ts';
import { type MountPlace, otherPlaces } from '#wrapper/other-places.ts';

describe('otherPlaces()', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-places-')));
  after(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('a/b'), { recursive: true });
  mkdirSync(at('elsewhere/b'), { recursive: true });
  writeFileSync(at('a/file'), '');
  // Stands in for a second mount of `a`, which only the superuser could make.
  symlinkSync(at('a'), at('again'));
  symlinkSync(at('a/b'), at('part'));
  const root: MountPlace = { device: '8:1', root: '/', point: '/' };

  for (const [name, path, mounts, expected] of [
    ['nothing where each file system is mounted once', 'a', [], []],
    ['a file below a second mount', 'a/file', [{ device: '8:1', root: at('a'), point: at('again') }], ['again/file']],
    ['a folder that is itself mounted a second time', 'a', [{ device: '8:1', root: at('a'), point: at('again') }], ['again']],
    ['a mount of something inside the folder', 'a', [{ device: '8:1', root: at('a/b'), point: at('part') }], ['part']],
    ['nothing on another file system', 'a', [{ device: '8:2', root: at('a'), point: at('again') }], []],
    ['nothing where something else lies over it', 'a', [{ device: '8:1', root: at('a'), point: at('elsewhere') }], []],
    ['nothing where the mount cannot be reached', 'a', [{ device: '8:1', root: at('a'), point: at('gone') }], []],
  ] as const) {
    test(`finds ${name}`, () => assert.deepEqual(otherPlaces(at(path), [root, ...mounts]), expected.map(at)));
  }

  test('reads the mounts of this machine', () => assert.ok(Array.isArray(otherPlaces(at('a'), readMountTable()))));
});
