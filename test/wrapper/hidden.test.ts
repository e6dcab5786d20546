import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { hiddenPaths } from '#wrapper/hidden.ts';
import { readMountTable } from '#wrapper/mount-table.ts';

describe('hiddenPaths()', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-hidden-')));
  after(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('a/b'), { recursive: true });
  mkdirSync(at('a b'));
  writeFileSync(at('file'), '');
  writeFileSync(at('a/inner'), '');
  symlinkSync(at('file'), at('link'));

  for (const [name, given, expected] of [
    ['follows links', ['link'], ['file']],
    ['drops what another one covers', ['a/b', 'a', 'a/inner'], ['a']],
    ['keeps a folder whose name only begins alike', ['a', 'a b'], ['a', 'a b']],
    ['names each once', ['file', 'link', 'a/../file'], ['file']],
    ['drops nothing below a file', ['a/inner', 'file'], ['a/inner', 'file']],
  ] as const) {
    test(`${name}`, () => assert.deepEqual(hiddenPaths(given.map(at), readMountTable()), expected.map(at)));
  }

  test('leaves out what the cage has anew', () => assert.deepEqual(hiddenPaths(['/proc/self/status', '/dev/null'], []), []));

  test('refuses a path that is not there, and the root folder', () => {
    assert.throws(() => hiddenPaths([at('gone')], []), { code: 'set-up' });
    assert.throws(() => hiddenPaths(['/'], []), { code: 'set-up' });
  });
});
